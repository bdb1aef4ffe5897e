# make run    the virtual front panel in this terminal; installs what is missing behind it
# make test   what tests need, then the tests (make test-long: the long ones, new examples, test-funasr)
# make test-funasr   the real FunASR, in an environment of its own (1.8 GB and more)
# make test-newest   a selection of them on the newest Python that is there
# make lint, make bench, make clean, make distclean
# VENV=PATH puts the environment elsewhere; PYTHON=python3.12 chooses the interpreter.

VENV ?= .venv
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
  $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
PY := $(VENV)/bin/python
# pip with llama.cpp compiled for this very CPU: appliance/provision/compiling.py says how. pip keeps
# the wheel for the next environment.
INSTALL := $(PY) -m appliance.provision.pip install -q
# One installation at a time, also with what a killed run left behind: appliance/provision/lock.py.
LOCK := mkdir -p $(VENV) && exec 9>$(VENV)/.lock && { ! command -v flock >/dev/null || flock -n 9 || { \
  echo "另一个安装正在这里进行，等它结束 / another installation is at work here: waiting"; flock 9; }; }
FROM_SOURCE := --no-binary llama-cpp-python
# This environment came from another machine: its llama.cpp would end with SIGILL.
FOREIGN := $(shell [ ! -x $(PY) ] || $(PY) -m appliance.engines.native_build || echo another-cpu)
# In this order, for as long as there is time.
NEWEST_TESTS := $(patsubst %,tests/%,provision workers commands memory drivers panel configuration \
  whole/test_whole_path.py whole/test_box_without_models.py models engines front dialogue health)
# What tests load that is no Python package.
SYSTEM_PACKAGES := libportaudio2

.DEFAULT_GOAL := run
.PHONY: run test test-long test-funasr test-newest lint bench clean distclean system-packages models another-cpu

run: $(VENV)/.stamp-package
	@if [ -t 0 ] && [ -t 1 ] && [ -t 2 ]; then exec $(PY) -m appliance panel --provision; \
	else exec $(PY) -m appliance demo --provision; fi

test: lint models
	$(PY) -m pytest -m "not long"

test-long: lint models
	$(PY) -m pytest --hypothesis-profile=search
	$(MAKE) test-funasr

test-funasr:
	$(MAKE) VENV=$(VENV)-funasr $(VENV)-funasr/.stamp-venv
	$(VENV)-funasr/bin/python -m appliance.provision.pip install -q -e '.[funasr]' --group dev \
	  $(FROM_SOURCE)
	$(VENV)-funasr/bin/python -m pytest tests/engines/test_funasr_itself.py

# What another Python may break, for 8 minutes at most. llama.cpp is the one compiled before: its
# wheel is for every Python 3.
NEWEST ?= $(shell .ci/newest-python python3)
NEWER := $(VENV)-newest
test-newest:
	@[ -n "$(NEWEST)" ] || { echo "没有更新的 Python / no newer Python is here" >&2; exit 1; }
	$(MAKE) VENV=$(NEWER) PYTHON=$(NEWEST) $(NEWER)/.stamp-venv
	$(NEWER)/bin/python -m appliance.provision.pip install -q -e '.[fetch,panel]' --group dev \
	  $(FROM_SOURCE) $$($(PY) -m pip cache list llama_cpp_python --format abspath | tail -n 1)
	$(NEWER)/bin/python -m pytest -m "not long" --most-minutes 8 $(NEWEST_TESTS)

lint: $(VENV)/.stamp-test
	$(PY) -m ruff check
	$(PY) -m ruff format --check
	$(PY) -m mypy

bench: $(VENV)/.stamp-test models
	$(PY) -m bench

models: $(VENV)/.stamp-test system-packages
	$(VENV)/bin/lory models fetch default --as-listed

system-packages: $(VENV)/.stamp-venv
	@$(PY) -c 'import ctypes.util, sys; sys.exit(not ctypes.util.find_library("portaudio"))' || { \
	  if [ "$$(id -u)" = 0 ]; then root=; else root="sudo -n"; fi; \
	  install="$$root env DEBIAN_FRONTEND=noninteractive apt-get install -qy $(SYSTEM_PACKAGES)"; \
	  $$install || { $$root apt-get update -q && $$install; } || { \
	    echo "需要系统软件包 needed: sudo apt install $(SYSTEM_PACKAGES)" >&2; exit 1; }; }

# ---- stamps: each says that a step was done for the files it depends on

# What a killed run left of an environment is begun anew.
$(VENV)/.stamp-venv:
	@[ -n "$(PYTHON)" ] || { \
	  echo "需要 Python 3.11 或更新 / Python 3.11 or newer is needed (make PYTHON=...)" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "$(PYTHON): 需要 Python 3.11 或更新 / Python 3.11 or newer is needed" >&2; exit 1; }
	@$(LOCK); [ ! -e $@ ] || exit 0; \
	echo "建立 Python 环境 / making the Python environment: $(VENV)"; \
	rm -rf $(VENV)/bin $(VENV)/lib $(VENV)/lib64 $(VENV)/include $(VENV)/pyvenv.cfg; \
	$(PYTHON) -m venv $(VENV) || { \
	  if $(PYTHON) -c 'import ensurepip, venv'; then \
	    echo "环境建不成，原因见上 / the environment cannot be made: see above" >&2; \
	  else echo "venv 不可用 / venv is not usable; Debian: sudo apt install python3-venv" >&2; fi; \
	  exit 1; }; \
	$(PY) -m appliance.provision.prepare pip || exit 1; \
	touch $@

# Where the package index cannot be reached but the panel is there, it opens; the stamp stays old.
$(VENV)/.stamp-package: $(VENV)/.stamp-venv pyproject.toml $(wildcard ui/input/*.c)
	@$(PY) -m appliance.provision.prepare panel $@

$(VENV)/.stamp-test: $(VENV)/.stamp-venv pyproject.toml $(wildcard ui/input/*.c) $(FOREIGN)
	@$(LOCK); set -x; $(INSTALL) $(FROM_SOURCE) -e '.[fetch,panel]' --group dev
	@touch $@ $(VENV)/.stamp-package

clean:
	rm -rf build out *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis ui/input/*.so
	rm -f $(VENV)/.stamp-package $(VENV)/.stamp-test
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +

distclean: clean
	rm -rf $(VENV)
