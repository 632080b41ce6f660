# Commands of the project. Each does all the set-up it needs; nothing but make and a Debian or Ubuntu system is expected.
.DEFAULT_GOAL := help
.PHONY: help run setup test check format deep bench quality shots backup restore reset stop lock
START := deploy/with-python

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1	/p' Makefile

run: ## set everything up and serve http://localhost:8000 (PORT=) until Ctrl-C
	@$(START) run.py

setup: ## everything that running, testing and checking need; leaves the database running
	@$(START) setup.py dev

test: ## every test (ARGS= goes to pytest)
	@$(START) quality.py test

check: ## formatter, linter, imports, types, migrations, deployment, translations
	@$(START) quality.py check

format: ## put the code into form and mend what the linter can mend
	@.venv/bin/ruff format . && .venv/bin/ruff check --fix .

deep: ## what is too long for `make test`
	@$(START) quality.py deep

bench: ## the benchmarks (ROWS=1000000; PEERS=1 adds other servers) into bench/results
	@$(START) quality.py bench

quality: ## Lighthouse, bytes, slow lines and slow phones for the main pages, into docs/quality.md
	@$(START) quality.py quality

shots: ## pictures of the main pages into docs/shots
	@$(START) quality.py shots

backup: ## database and media into one file in var/backups (or FILE=)
	@$(START) backup.py backup

restore: ## put a backup back: make restore FILE=path
	@$(START) backup.py restore $(filter-out restore,$(MAKECMDGOALS))

reset: ## remove var/ with the database and all uploads, after asking (or YES=1)
	@$(START) backup.py reset

stop: ## stop the database that `make setup` left running
	@$(START) cluster.py stop

lock: ## lock the newest versions of what requirements*.in and package.json ask for
	@$(START) lock.py

ifeq (restore,$(firstword $(MAKECMDGOALS)))
# The file named after `restore` is an argument, not something to make.
.PHONY: $(wordlist 2,99,$(MAKECMDGOALS))
$(wordlist 2,99,$(MAKECMDGOALS)): ; @:
endif
