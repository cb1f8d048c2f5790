package trial

// Kinds of artifacts.
const (
	WeightsKind    = "weights"    // a trained network, as a safetensors file
	CheckpointKind = "checkpoint" // the whole state of a training, from which it goes on
)

// Artifact is a file that a trial left behind. Its digest is checked whenever it is read.
type Artifact struct {
	Name string `json:"name"` // unique within the trial, as "weights"
	Kind string `json:"kind"` // as WeightsKind
	// Path is relative to the folder of the study with forward slashes, so that a study can be moved.
	Path   string `json:"path"`
	Size   int64  `json:"size"`   // in bytes
	SHA256 string `json:"sha256"` // of the content, in lower-case hexadecimal
}
