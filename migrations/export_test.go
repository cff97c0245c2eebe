package migrations

// ApplyFiles is [Apply] on other files than the embedded ones, for the external tests.
var ApplyFiles = applyFiles
