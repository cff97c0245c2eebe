package api

import _ "embed"

// ContractText is the contract of the service.
//
//go:embed openapi.yaml
var ContractText []byte
