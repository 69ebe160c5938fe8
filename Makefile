# The same targets here and in CI. ENV chooses the environment: dev, staging or prod.
SHELL := /bin/bash
ENV ?= prod
PYTHON ?= python3
BIN := $(CURDIR)/.venv/bin
PLAY := $(BIN)/ansible-playbook
INVENTORY := -i inventories/$(ENV)
# Where: the embedded AWS, or with OVERLAY= (empty) the environment's own account.
OVERLAY ?= inventories/embedded
BUILD ?= build
TARGET := $(INVENTORY) $(addprefix -i ,$(OVERLAY))
# Of the embedded AWS; only where it is not the usual one.
PORT ?=
EMBEDDED := $(INVENTORY) -i inventories/embedded $(addprefix -e embedded_aws_port=,$(PORT))
# Seconds that all suites may take together.
BUDGET := 1200
SUITES := site molecule units sanity functions routing lint types
# Too long for the budget of what CI runs.
FURTHER_SUITES := images recovery story
# For fixtures that go through a whole life.
PATIENT := -o faulthandler_timeout=5400
# What building images needs.
IMAGES_PACKAGES := buildah docker-registry skopeo busybox-static=/bin/busybox python3=/usr/bin/python3
# mypy finds the collection by its name here, so that its modules are checked against each other.
TYPES := build/types/ansible_collections/uex
TYPED := $(addprefix $(TYPES)/payments/plugins/,module_utils plugin_utils modules action callback filter) \
	$(TYPES)/payments/functions $(TYPES)/payments/images/migrations embedded_aws
export PYTHON
# Without the files of compiled modules each task would compile what it imports.
unexport PYTHONDONTWRITEBYTECODE
export PATH := $(BIN):$(PATH)
export ANSIBLE_CONFIG := $(CURDIR)/ansible.cfg
export ANSIBLE_HOME := $(CURDIR)/.ansible

# Who answers for a load balancer that only the embedded AWS has: an nginx, while a playbook runs.
FRONT = $(if $(OVERLAY),$(BIN)/python -m tests.support.front --endpoint http://127.0.0.1:$(or $(PORT),5566) $(LISTENERS) $(BUILD)/$(ENV)/outputs.json)

.PHONY: help setup setup-tests demo validate cost plan drift health load-test routes dashboard down $(SUITES) $(FURTHER_SUITES) functions-all images-all molecule-all recovery-all sanity-all site-all lint-python lint-format lint-ansible test test-all docs
help: ## This list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

setup: .venv/.runtime ## Virtual environment with what a deployment needs
.venv/.runtime: requirements.txt .ci/setup
	@.ci/setup requirements.txt && touch $@

setup-tests: .venv/.tests ## The same, and the test tools
.venv/.tests: requirements.txt tests/requirements.txt .ci/setup
	@.ci/setup requirements.txt tests/requirements.txt && touch .venv/.runtime $@

demo: setup ## Deploy a whole environment on the embedded AWS
	$(PLAY) site.yml $(EMBEDDED) </dev/null

validate: setup ## Check an inventory; no credentials needed
	$(PLAY) playbooks/validate.yml $(INVENTORY) </dev/null

cost: setup ## What an environment costs a month; no credentials needed
	$(PLAY) playbooks/cost.yml $(INVENTORY) $(ARGS) </dev/null

plan: ## What an apply would change; exits with 0 if nothing, 2 if something, 1 on an error
	@exit $(VERDICT)

drift: ## What differs from the inventory or is in none; exits with 0 if nothing, 2 if something, 1 on an error
	@exit $(VERDICT)

health: ## Whether an environment is well; exits with 0 if it is, 2 if not, 1 if nobody can tell. ARGS='-e probe=task'
	@exit $(VERDICT)

load-test: LISTENERS := --https-only
load-test: setup .venv/load/.ready ## Load the paths of an environment: p95 below 2 s, 99.9 % answered. ARGS='-e users=100'
	@$(FRONT) $(PLAY) playbooks/load_test.yml $(TARGET) $(addprefix -e embedded_aws_port=,$(PORT)) $(ARGS) </dev/null

# locust has an environment of its own, as it shares packages with the embedded AWS.
.venv/load/.ready: roles/operations/files/load_test/requirements.txt | setup
	@$(BIN)/uv venv --quiet --allow-existing --python $(BIN)/python .venv/load
	@$(BIN)/uv pip install --quiet --python .venv/load/bin/python -r $< && touch $@

# On the embedded AWS the environment is deployed first where it isn't. AWS itself, with OVERLAY= (empty), is only read.
routes: setup ## Real requests through an environment's routing table: who answers each; exits with 1 if one is wrong
	.ci/packages nginx=/usr/sbin/nginx
	@[ -z "$(OVERLAY)" ] || { $(BIN)/python -m embedded_aws status $(addprefix --port ,$(PORT)) >/dev/null && \
	  [ -f $(BUILD)/$(ENV)/outputs.json ]; } || $(MAKE) --no-print-directory demo
	@$(BIN)/python -m tests.support.routes $(BUILD)/$(ENV)/outputs.json \
	  $(if $(OVERLAY),--endpoint http://127.0.0.1:$(or $(PORT),5566)) $(ROUTES)

dashboard: setup-tests ## The dashboard of an inventory as a page, with made-up data; no credentials needed
	@$(BIN)/python -m tests.support.dashboard inventories/$(ENV) $(BUILD)/$(ENV)/dashboard.html

down: ## Stop the embedded AWS; its state is gone
	@[ ! -x $(BIN)/python ] || $(BIN)/python -m embedded_aws stop $(addprefix --port ,$(PORT))

test: setup-tests ## All suites that CI runs, timed; fails over 20 minutes
	@$(BIN)/python tests/support/suites.py --budget $(BUDGET) $(SUITES)

test-all: setup-tests ## The same for every environment and layer, and the documentation
	@$(BIN)/python tests/support/suites.py $(foreach each,$(SUITES) $(FURTHER_SUITES),$(each)$(if $(filter $(each),functions images molecule recovery sanity site),-all)) docs

lint: lint-python lint-format lint-ansible ## ruff, ansible-lint and yamllint
lint-python: setup-tests
	ruff check .
lint-format: setup-tests
	ruff format --check .
lint-ansible: setup-tests
	ANSIBLE_INVENTORY=$(CURDIR)/inventories/dev ansible-lint --offline --strict -q </dev/null

types: setup-tests ## mypy, strict
	@mkdir -p $(TYPES) && ln -sfn $(CURDIR) $(TYPES)/payments
	@set -o pipefail; MYPYPATH=build/types mypy $(TYPED) | sed 's,^$(TYPES)/payments/,,'

sanity: setup-tests ## ansible-test sanity but for import and pylint, which take minutes
	.ci/sanity --skip-test import --skip-test pylint

sanity-all: setup-tests ## ansible-test sanity
	.ci/sanity

units: setup-tests ## Unit, contract and meta-tests
	python -m pytest tests/unit </dev/null

functions: setup-tests ## The function that rotates secrets and the runner of migrations, against a PostgreSQL and a Redis
	.ci/packages redis-server 'postgresql=/usr/lib/postgresql/*/bin/initdb'
	python -m pytest tests/functions </dev/null

functions-all: setup-tests ## The same with a failure at every place, where functions takes a sample
	.ci/packages redis-server 'postgresql=/usr/lib/postgresql/*/bin/initdb'
	python -m pytest tests/functions --everything </dev/null

recovery: setup-tests ## Backups, restores and failovers of databases that are real PostgreSQL servers
	.ci/packages 'postgresql=/usr/lib/postgresql/*/bin/initdb'
	python -m pytest tests/recovery </dev/null

recovery-all: setup-tests ## The same by playbooks too, behind a deployed site
	.ci/packages 'postgresql=/usr/lib/postgresql/*/bin/initdb'
	python -m pytest tests/recovery --everything $(PATIENT) </dev/null

routing: setup-tests .venv/load/.ready ## Rules that the modules make, served by a real nginx; health and load of what answers
	.ci/packages nginx=/usr/sbin/nginx
	python -m pytest tests/routing </dev/null

images: setup-tests ## Images built by buildah, pushed to a registry on loopback, scanned, and the reference service run
	.ci/packages $(IMAGES_PACKAGES)
	python -m pytest tests/images </dev/null

images-all: setup-tests ## The same with all that is refused, where images takes a sample
	.ci/packages $(IMAGES_PACKAGES)
	python -m pytest tests/images --everything </dev/null

story: setup-tests ## One environment's life by its playbooks, from a commit to a restored database, with real parts
	.ci/packages $(IMAGES_PACKAGES) nginx=/usr/sbin/nginx 'postgresql=/usr/lib/postgresql/*/bin/initdb'
	python -m pytest tests/story </dev/null

site: setup-tests ## Plan, apply, change and prune three environments in one account, on an embedded AWS of its own
	.ci/packages nginx=/usr/sbin/nginx 'postgresql=/usr/lib/postgresql/*/bin/initdb'
	python -m pytest tests/site </dev/null

site-all: setup-tests ## The same for every layer and environment, where site takes a sample
	.ci/packages nginx=/usr/sbin/nginx 'postgresql=/usr/lib/postgresql/*/bin/initdb'
	python -m pytest tests/site --everything $(PATIENT) </dev/null

molecule: setup-tests ## Deploy dev on an embedded AWS of its own, compare it with the specification, run some layers again
	molecule test --all $(addprefix --exclude ,foundation data registry edge) </dev/null

molecule-all: setup-tests ## The same with every layer
	molecule test --all </dev/null

docs: setup-tests ## Check the plugins' documentation and the changelog
	GIT_CEILING_DIRECTORIES=$(CURDIR)/.venv antsibull-docs lint-collection-docs --plugin-docs \
		--validate-collection-refs dependent --disallow-unknown-collection-refs . </dev/null
	antsibull-changelog lint

# Goals that exit with what their run's JSON file says. A failed recipe always makes make exit with 2; to exit with 1, the
# run happens while make brings the file of its verdict up to date, reads it and starts over, and then -q says 1.
JUDGED := $(filter plan drift health,$(MAKECMDGOALS))
ifneq ($(JUDGED),)
VERDICT_FILE := $(BUILD)/$(ENV).$(JUDGED).mk
RUN_plan = $(PLAY) site.yml $(TARGET) --check
RUN_drift = $(PLAY) playbooks/drift.yml $(TARGET)
RUN_health = $(FRONT) $(PLAY) playbooks/health_check.yml $(TARGET) $(addprefix -e embedded_aws_port=,$(PORT)) -e fail=false $(ARGS)
ifeq ($(MAKE_RESTARTS),)
.PHONY: judge
judge:
$(VERDICT_FILE): judge | setup
	@mkdir -p $(@D); rm -f $(BUILD)/$(ENV)/$(JUDGED).json; \
	if $(RUN_$(JUDGED)) </dev/null; then .ci/verdict $(BUILD)/$(ENV)/$(JUDGED).json; else (exit 1); fi; \
	echo "VERDICT := $$?" >$@
endif
include $(VERDICT_FILE)
$(if $(filter 1,$(VERDICT)),$(eval MAKEFLAGS += -q))
endif
