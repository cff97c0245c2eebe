.PHONY: demo test bench lint fuzz crash

GOLANGCI = github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
FUZZTIME ?= 30s

demo: ## one month of an invented association, from nothing to the proof; then its pages, until Ctrl-C
	go run ./cmd/masp doctor --install
	go run ./cmd/masp demo --open

test: ## every package: of the tests of a house one in some of each file, of sweeps a part; all with CI=true
	go run ./cmd/masp doctor --install
	go test ./...

bench: ## every benchmark, then the ledger against its bare baselines
	go test -run='^$$' -bench=. -benchmem ./...
	go run ./cmd/masp bench ledger

lint: ## the linter is run by its version and is no dependency
	go vet ./...
	go run $(GOLANGCI) run ./...

fuzz: ## every fuzz target in turn, FUZZTIME each
	@set -e; for package in $$(go list ./...); do \
		for target in $$(go test -list '^Fuzz' $$package | grep '^Fuzz' || true); do \
			echo "$$package $$target"; \
			go test -run='^$$' -fuzz="^$$target\$$" -fuzztime=$(FUZZTIME) $$package; \
		done; \
	done

crash: ## the program, PostgreSQL and their disks killed at every point of a month, and the drill
	MASP_LONG=1 go test -run Crash -count=1 -timeout 4h -v ./cmd/masp/internal/campaign
