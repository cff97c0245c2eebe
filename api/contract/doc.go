// Package contract reads the contract of the HTTP service (api/openapi.yaml, OpenAPI 3.0.3) and
// judges requests and answers by it.
//
// The contract comes first: an operation that is not in it is not served, a parameter or a field
// that is not in it is refused, and every problem of a request is told at once, each with the place
// where it stands (JSON pointer in a body, ?name in a query) in French or in English.
//
// It also prints the contract as a page that can be read without JavaScript (/docs).
//
// # Decisions
//
//   - kin-openapi reads the document and judges values by its schemas. Parameters are read here:
//     ours are plain words, and its decoder lets unknown ones pass.
//   - Bodies are scanned by payments/jsonread before they are judged: the standard decoder lets the
//     last of two equal keys win.
//   - No code is generated from the contract: a test proves that the operations of the program and
//     those of the contract are the same, and every answer of the tests is judged by it.
package contract
