package trial

// Spent is what a trial cost. MACs and Amount follow from the trial alone and are the same whenever it is
// repeated; the seconds depend on the machine, and nothing in a search is decided by them.
type Spent struct {
	// MACs counts the multiply-accumulates of training: forward and backward passes over all samples, not validation.
	MACs int64 `json:"macs"`
	// Amount of the evaluator's resource that was spent, as epochs trained. Of a trial that went on from a checkpoint, what it added.
	Amount     int     `json:"amount"`
	CPUSeconds float64 `json:"cpu_seconds,omitzero"`
	GPUSeconds float64 `json:"gpu_seconds,omitzero"`
	// WallSeconds is the time from the start of the trial to its end.
	WallSeconds float64 `json:"wall_seconds,omitzero"`
}

// Plus returns the sum of two costs.
func (s Spent) Plus(o Spent) Spent {
	return Spent{
		MACs:        s.MACs + o.MACs,
		Amount:      s.Amount + o.Amount,
		CPUSeconds:  s.CPUSeconds + o.CPUSeconds,
		GPUSeconds:  s.GPUSeconds + o.GPUSeconds,
		WallSeconds: s.WallSeconds + o.WallSeconds,
	}
}

// Timeless returns the cost without its seconds: the part that two runs of one study have in common.
func (s Spent) Timeless() Spent {
	return Spent{MACs: s.MACs, Amount: s.Amount}
}

// Rates says what computing costs. The zero value makes everything free.
type Rates struct {
	CPUHour  float64 `json:"cpu_hour,omitzero"`  // one core for one hour
	GPUHour  float64 `json:"gpu_hour,omitzero"`  // one device for one hour
	Currency string  `json:"currency,omitempty"` // as "EUR"; only printed, never converted
}

// Of returns the money that s cost, in the currency of the rates.
func (p Rates) Of(s Spent) float64 {
	return (p.CPUHour*s.CPUSeconds + p.GPUHour*s.GPUSeconds) / 3600
}
