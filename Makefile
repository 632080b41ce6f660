# Commands of the project. Each does all the set-up it needs; nothing but make and a Debian or Ubuntu system is expected.
.DEFAULT_GOAL := help
.PHONY: help setup run test check deep shots backup restore reset stop lock
START := deploy/with-python

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1	/p' Makefile

setup: ## everything that running, testing and checking need; leaves the database running
	@$(START) setup.py dev

stop: ## stop the database that `make setup` left running
	@$(START) cluster.py stop
