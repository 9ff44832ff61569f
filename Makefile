PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run demo test test-long bench lint clean

run: $(VENV)/run
	$(BIN)/bevara serve

demo: $(VENV)/test
	@sh scripts/debian-packages chromium fonts-noto-core fonts-noto-color-emoji
	$(BIN)/bevara demo

test: $(VENV)/test
	@sh scripts/debian-packages chromium firefox-esr xvfb x11-xserver-utils:xrandr fonts-noto-core fonts-noto-color-emoji fuse3 strace faketime openssh-server:sshd ceph-mon ceph-osd radosgw nodejs:node npm
	@sh scripts/judges $(PYTHON) || echo "eark-validator gick inte att installera: dess prov hoppas över."
	$(BIN)/python scripts/run_tests.py short

test-long: $(VENV)/test
	@sh scripts/debian-packages chromium firefox-esr xvfb x11-xserver-utils:xrandr fonts-noto-core fonts-noto-color-emoji fuse3 strace faketime openssh-server:sshd ceph-mon ceph-osd radosgw nodejs:node npm
	@sh scripts/judges $(PYTHON) || echo "eark-validator gick inte att installera: dess prov hoppas över."
	$(BIN)/python scripts/run_tests.py long

bench: $(VENV)/test
	@sh scripts/debian-packages chromium xvfb fonts-noto-core
	$(BIN)/python -m pytest tests/bench -q -s

lint: $(VENV)/test
	$(BIN)/python scripts/run_tests.py lint

$(VENV)/run: setup.cfg pyproject.toml
	@sh scripts/make-venv $(PYTHON) $(VENV)
	$(BIN)/pip install --quiet --editable .
	@touch $@

$(VENV)/test: setup.cfg pyproject.toml
	@sh scripts/make-venv $(PYTHON) $(VENV)
	$(BIN)/pip install --quiet --editable .[demo,test]
	@touch $@ $(VENV)/run

clean:
	rm -rf $(VENV) .judges node_modules build dist
