"""Run by eark-validator's own Python: print its report on each package, a line of JSON for each.

The validator fetches four vocabularies when it is imported; they lie in its wheel as well. Of a
METS that is no XML it makes an uncaught error.
"""

import json
import sys
import urllib.request
from importlib.util import find_spec
from pathlib import Path

HOME = Path(find_spec("eark_validator").origin).parent
VOCABULARIES = HOME / "ipxml/resources/vocabs"
urllib.request.urlopen = lambda uri: (VOCABULARIES / uri.rpartition("/")[2]).open("rb")

from eark_validator.packages import PackageValidator  # noqa: E402
from eark_validator.specifications.specification import SpecificationVersion  # noqa: E402

for path in sys.argv[1:]:
    try:
        report = PackageValidator(Path(path), SpecificationVersion.V2_1_0).validation_report
        print(report.model_dump_json())
    except Exception as error:
        print(json.dumps({"failed": repr(error)}))
