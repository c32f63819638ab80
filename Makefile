# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: containerci.aws contributors

.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
export AWS_PORT ?= 4566

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: demo
demo: ## Build everything on an AWS that runs on this machine, twice
	@scripts/demo

.PHONY: test
test: ## Run all tests
	@scripts/test

.PHONY: lint
lint: ## Run the linters
	@scripts/lint

.PHONY: unit
unit: ## Run the unit tests (ARGS="-k name")
	@scripts/unit $(ARGS)

.PHONY: integration
integration: ## Run the modules against the embedded AWS (ARGS="-k name")
	@scripts/integration $(ARGS)

.PHONY: sanity
sanity: ## Run ansible-test sanity offline (ARGS="--test validate-modules")
	@scripts/sanity $(ARGS)

.PHONY: docs
docs: ## Check documentation, changelog and links
	@scripts/docs

.PHONY: build
build: ## Build, import and install the collection
	@scripts/build

.PHONY: molecule
molecule: ## Run all Molecule scenarios, or one (SCENARIO=name)
	@scripts/molecule $(SCENARIO)

.PHONY: oracle
oracle: ## Compare a spec with Serverspec's (YAML=spec/web_spec.yml RUBY=spec/web_spec.rb)
	@scripts/oracle "$(YAML)" "$(RUBY)" $(ARGS)

.PHONY: play
play: ## Run a playbook against the embedded AWS (PLAYBOOK=site.yml ARGS="--diff")
	@scripts/play "$(PLAYBOOK)" $(ARGS)

.PHONY: pictures
pictures: ## Draw the pictures of the documentation again
	@scripts/pictures

.PHONY: env
env: ## Make or refresh the virtual environment with all tools
	@scripts/environment test

.PHONY: aws-start
aws-start: ## Start the embedded AWS (AWS_PORT=4566)
	@scripts/run scripts/embedded_aws start --port $(AWS_PORT)

.PHONY: aws-stop
aws-stop: ## Stop the embedded AWS
	@scripts/run scripts/embedded_aws stop --port $(AWS_PORT)

.PHONY: aws-reset
aws-reset: ## Empty the embedded AWS
	@scripts/run scripts/embedded_aws reset --port $(AWS_PORT)

.PHONY: aws-log
aws-log: ## Show the requests that the embedded AWS has seen
	@scripts/run scripts/embedded_aws log --port $(AWS_PORT)

.PHONY: clean
clean: ## Remove the environment and all caches
	@scripts/clean
