//! A step length that meets the strong Wolfe conditions: the loss falls at least in proportion to the slope, and the
//! slope has become much smaller (Nocedal and Wright 2006, algorithms 3.5 and 3.6).

use super::{Objective, dot};
use crate::state::{Resume, State, StateError};

/// The loss must fall by this part of what the slope promises. Small, so that a loss near its rounding error does not
/// stop the search.
const DECREASE: f64 = 1e-4;
/// The slope must become smaller than this part of what it was.
const CURVATURE: f64 = 0.9;
/// Evaluations at most.
const MOST: usize = 25;

/// A point on the line.
#[derive(Clone, Debug)]
pub struct Place {
    /// The length of the step.
    pub length: f64,
    /// The loss there.
    pub loss: f64,
    /// The derivative of the loss along the line.
    pub slope: f64,
    /// The parameters.
    pub parameters: Vec<f64>,
    /// The gradient.
    pub gradient: Vec<f64>,
}

impl Resume for Place {
    fn save(&self, state: &mut State) {
        let Self {
            length,
            loss,
            slope,
            parameters,
            gradient,
        } = self;
        state.put_numbers("line", &[*length, *loss, *slope]);
        state.put_numbers("parameters", parameters);
        state.put_numbers("gradient", gradient);
    }

    fn load(&mut self, state: &State) -> Result<(), StateError> {
        let line = state.numbers_of("line", 3)?;
        (self.length, self.loss, self.slope) = (line[0], line[1], line[2]);
        let count = state.numbers("parameters")?.len();
        self.parameters = state.numbers_of("parameters", count)?;
        self.gradient = state.numbers_of("gradient", count)?;
        Ok(())
    }
}

impl Place {
    /// The place in a state; none where the state has none.
    pub fn saved(state: &State, name: &str) -> Result<Option<Self>, StateError> {
        if !state.has(&format!("{name}.line")) {
            return Ok(None);
        }
        let mut place = Self {
            length: 0.0,
            loss: 0.0,
            slope: 0.0,
            parameters: Vec::new(),
            gradient: Vec::new(),
        };
        state.get(name, &mut place)?;
        Ok(Some(place))
    }
}

/// A place on the line from `start` in a direction that goes downhill; the best that was found where none meets the
/// conditions, none where none is lower.
pub fn strong_wolfe(
    objective: &impl Objective,
    start: &Place,
    direction: &[f64],
    first: f64,
) -> Option<Place> {
    let at = |length: f64| {
        let parameters: Vec<f64> = start
            .parameters
            .iter()
            .zip(direction)
            .map(|(p, d)| p + length * d)
            .collect();
        let (loss, gradient) = objective.loss_and_gradient(&parameters);
        Place {
            length,
            loss,
            slope: dot(&gradient, direction),
            parameters,
            gradient,
        }
    };
    let enough = |place: &Place| place.loss <= start.loss + DECREASE * place.length * start.slope;
    let flat = |place: &Place| place.slope.abs() <= -CURVATURE * start.slope;
    let usable = |place: &Place| place.loss.is_finite() && place.slope.is_finite();
    // A place from which the loss falls towards `high`, and `high` itself.
    let mut low = start.clone();
    let mut high: Option<Place> = None;
    let mut length = first;
    for _ in 0..MOST {
        let place = at(length);
        if !usable(&place) || !enough(&place) || (place.loss >= low.loss && low.length > 0.0) {
            high = Some(place);
        } else if flat(&place) {
            return Some(place);
        } else {
            let back = high.as_ref().map_or(place.slope >= 0.0, |high| {
                place.slope * (high.length - low.length) >= 0.0
            });
            if back {
                high = Some(low);
            }
            low = place;
        }
        length = match &high {
            None => 2.0 * length,
            Some(high) => between(&low, high),
        };
    }
    (low.length > 0.0 && low.loss < start.loss).then_some(low)
}

/// The minimum of the parabola through two losses and a slope, kept away from both ends.
fn between(low: &Place, high: &Place) -> f64 {
    let width = high.length - low.length;
    let curvature = high.loss - low.loss - low.slope * width;
    let share = -0.5 * low.slope * width / curvature;
    let share = if share.is_finite() {
        share.clamp(0.1, 0.9)
    } else {
        0.5
    };
    low.length + share * width
}
