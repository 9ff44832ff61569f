"""SIP: FGS Paketstruktur 2.0, which is E-ARK CSIP and SIP 2.1.0, as one ZIP."""
