package controller

import (
	"fmt"

	"github.com/trellis-nas/trellis/search"
)

// Config holds the settings of a controller. A zero means the default.
type Config struct {
	search.PolicyGradientConfig         // Batch 2 for REINFORCE and 5 for PPO, Bonus 0.3, Redraws 20
	Units                       int     // of the LSTM, and numbers of an embedding; 100
	Rate                        float64 // learning rate of Adam; 0.01 for REINFORCE and 0.005 for PPO
	Blend                       float64 // how far the baseline moves towards the mean reward of each batch, 0 to 1; 0.1
	Epochs                      int     // of PPO: updates on each batch; 5. REINFORCE makes one.
	Clip                        float64 // of PPO: how far the ratio of new to old probability may leave 1; 0.2
}

// usual returns the settings with the defaults filled in, or says which is out of range.
func (c Config) usual(batch int, rate float64) (Config, error) {
	c.PolicyGradientConfig = c.Or(search.PolicyGradientConfig{Batch: batch, Bonus: 0.3, Redraws: 20})
	if c.Units == 0 {
		c.Units = 100
	}
	if c.Rate == 0 {
		c.Rate = rate
	}
	if c.Blend == 0 {
		c.Blend = 0.1
	}
	if c.Epochs == 0 {
		c.Epochs = 5
	}
	if c.Clip == 0 {
		c.Clip = 0.2
	}
	switch {
	case c.Units < 1:
		return c, fmt.Errorf("%d units are too few; a controller needs 1 at least", c.Units)
	case !(c.Rate > 0):
		return c, fmt.Errorf("a learning rate of %v is not above 0", c.Rate)
	case !(c.Blend > 0 && c.Blend <= 1):
		return c, fmt.Errorf("a blend of %v is not above 0 and at most 1", c.Blend)
	case c.Epochs < 1:
		return c, fmt.Errorf("%d epochs are too few; it takes 1 at least", c.Epochs)
	case !(c.Clip > 0 && c.Clip < 1):
		return c, fmt.Errorf("a clip of %v is not between 0 and 1", c.Clip)
	}
	return c, c.Check()
}
