package migrations

// ApplyFiles is [Apply] on other files than the embedded ones, for the external tests.
var ApplyFiles = applyFiles

// FaultsOfVersion judges a durable, well-connected server of a version (server_version_num).
func FaultsOfVersion(version int) []Fault {
	return situation{
		Version: version, Fsync: "on", FullPageWrites: "on", SynchronousCommit: "on", Encoding: "UTF8",
	}.faults()
}
