package store

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/trellis-nas/trellis/trial"
)

// Content returns the JSON of a body as a journal holds it: without seconds, worker and attempt, so that two runs of a study have
// equal contents. It is an error if the body holds a number that is not finite.
func Content(b Body) ([]byte, error) {
	var v any = b
	if f, ok := b.(TrialFinished); ok {
		r := f.Result
		r.Spent = r.Spent.Timeless()
		v = r
	}
	j, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("%s event: %w", b.Kind(), err)
	}
	return j, nil
}

// decode is the inverse of Content. The seconds, worker and attempt of a result are the caller's to fill in.
func decode(kind string, content []byte) (Body, error) {
	switch kind {
	case "study-started":
		return decodeAs[StudyStarted](content)
	case "trial-proposed":
		var b TrialProposed
		err := json.Unmarshal(content, &b)
		if err == nil && b.Trial.Stage == "" {
			err = errors.New("it has no trial")
		}
		return b, err
	case "trial-finished":
		var r trial.Result
		err := json.Unmarshal(content, &r)
		if err == nil && r.Status != trial.OK && r.Status != trial.Failed {
			err = fmt.Errorf("unknown status %q", r.Status)
		}
		return TrialFinished{r}, err
	case "stage-opened":
		return decodeAs[StageOpened](content)
	case "stage-closed":
		return decodeAs[StageClosed](content)
	case "test-opened":
		return decodeAs[TestOpened](content)
	case "trial-tested":
		return decodeAs[TrialTested](content)
	case "study-ended":
		return decodeAs[StudyEnded](content)
	}
	return nil, fmt.Errorf("unknown kind %q", kind)
}

func decodeAs[B Body](content []byte) (Body, error) {
	var b B
	err := json.Unmarshal(content, &b)
	return b, err
}
