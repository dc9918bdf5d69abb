//! A field of two coordinates as lines: along the vertical coordinate, at a few values of the horizontal one.

use super::canvas::{Area, Canvas};
use super::colour::{INK, ordered};
use super::error::PlotError;
use super::label::number;
use super::layout::{BROAD_LINE, LINE, TRUTH_LINE, range};
use super::legend::Legend;
use super::lines::{Pattern, Stroke, draw};
use super::panel::{Axis, Panel};
use super::scale::Scale;
use super::solution::{GridSamples, Plane, SolutionPicture, valued};

/// With more turns than this, lines on top of each other hide each other.
const MOST_TURNS: usize = 24;

/// Columns of a picture's grid.
pub(super) struct Slices<'a> {
    picture: &'a SolutionPicture<'a>,
    /// In the grid of the solution.
    columns: Vec<usize>,
    /// Those of the truth there, on its own grid.
    truths: Vec<Vec<(f64, f64)>>,
}

impl<'a> Slices<'a> {
    /// For a time four quarters with the end, where errors have grown; otherwise four inside, where boundary values do not
    /// decide. Only the last one where the field oscillates too often for several.
    /// `among`: where the truth is known.
    pub(super) fn choose(picture: &'a SolutionPicture<'a>, among: Option<&[usize]>) -> Self {
        let parts = if picture.plane == Plane::OverTime {
            [0.25, 0.5, 0.75, 1.0]
        } else {
            [0.2, 0.4, 0.6, 0.8]
        };
        let x = &picture.solution.x;
        // Where training ended early there is nothing to slice.
        let known =
            (0..x.len()).filter(|i| picture.solution.column(*i).any(|(_, it)| it.is_finite()));
        let (low, high) = range(known.map(|i| x[i])).unwrap_or((0.0, 1.0));
        let every: Vec<usize> = (0..x.len()).collect();
        let among = among.unwrap_or(&every);
        let nearest = |part: f64| {
            let distance = |i: &usize| (x[*i] - low - part * (high - low)).abs();
            among
                .iter()
                .copied()
                .min_by(|i, j| distance(i).total_cmp(&distance(j)))
                .unwrap_or(0)
        };
        let mut columns: Vec<usize> = parts.into_iter().map(nearest).collect();
        columns.dedup();
        if columns
            .iter()
            .any(|column| turns(picture.solution, *column) > MOST_TURNS)
        {
            columns.drain(..columns.len() - 1);
        }
        let truths = columns.iter().filter_map(|column| {
            let (truth, _) = picture.truth.as_ref()?;
            let place = among.iter().position(|it| it == column)?;
            Some(truth.column(place).collect())
        });
        Self {
            picture,
            truths: truths.collect(),
            columns,
        }
    }

    /// Draws coloured ticks on the upper edge of the heat map, which tie it to the lines.
    pub(super) fn mark(&self, canvas: &mut Canvas, map: &Panel) -> Result<(), PlotError> {
        let top = f64::from(map.area.top);
        self.columns
            .iter()
            .enumerate()
            .try_for_each(|(index, column)| {
                let x = map.point(self.picture.solution.x[*column], f64::NAN).0;
                canvas.rule(
                    (x, top - 14.0),
                    (x, top - 2.0),
                    LINE,
                    ordered(index, self.columns.len()),
                )
            })
    }

    /// Draws the lines into an area, the truth dashed or as dots over them, and what they mean above it.
    pub(super) fn draw(&self, canvas: &mut Canvas, area: Area) -> Result<(), PlotError> {
        let picture = self.picture;
        let found = self.columns.iter();
        let found = found.flat_map(|column| picture.solution.column(*column));
        let lines = found.chain(self.truths.iter().flatten().copied());
        // A field that is known only off the slices still has its map.
        let (low, high) = range(lines.map(|(_, value)| value)).unwrap_or((0.0, 1.0));
        let (first, last) = range(picture.solution.y.iter().copied()).unwrap_or((0.0, 1.0));
        let along = Scale {
            low: first,
            high: last,
            logarithmic: false,
        };
        let panel = Panel {
            area,
            horizontal: Axis {
                scale: along,
                label: &picture.vertical,
                ticks: 14,
                named: true,
            },
            vertical: Axis {
                scale: Scale::airy(low, high),
                label: &picture.field,
                ticks: 5,
                named: true,
            },
        };
        panel.grid(canvas)?;
        panel.frame(canvas, false)?;
        let mut legend = Vec::new();
        for (index, column) in self.columns.iter().enumerate() {
            // Later lines are narrower: where two agree, both are seen.
            let width = if self.columns.len() > 1 {
                BROAD_LINE + 1.5 - 1.2 * index as f64
            } else {
                LINE
            };
            let stroke = Stroke {
                colour: ordered(index, self.columns.len()),
                width,
                pattern: Pattern::Solid,
            };
            draw(canvas, &panel, picture.solution.column(*column), stroke)?;
            let at = number(picture.solution.x[*column]);
            legend.push((valued(&picture.horizontal, &at), stroke));
        }
        if let Some((truth, kind)) = &picture.truth {
            let stroke = Stroke {
                colour: INK,
                width: TRUTH_LINE,
                pattern: Pattern::of_truth(truth.y.len()),
            };
            let mut lines = self.truths.iter();
            lines.try_for_each(|line| draw(canvas, &panel, line.iter().copied(), stroke))?;
            legend.push((kind.clone(), stroke));
        }
        let at = (f64::from(area.left), f64::from(area.top) - 24.0);
        Legend(legend).draw(canvas, at, f64::INFINITY)
    }
}

/// How often a column changes between rising and falling, rounding noise aside.
fn turns(samples: &GridSamples, column: usize) -> usize {
    let values: Vec<f64> = samples
        .column(column)
        .map(|(_, value)| value)
        .filter(|value| value.is_finite())
        .collect();
    let Some((low, high)) = range(values.iter().copied()) else {
        return 0;
    };
    let (mut turns, mut rising, mut extreme) = (0, None, values.first().copied().unwrap_or(0.0));
    for value in values {
        let against = rising.is_none_or(|rising| (value < extreme) == rising);
        if !against {
            extreme = value;
        } else if (value - extreme).abs() > 0.05 * (high - low) {
            turns += 1;
            rising = Some(value > extreme);
            extreme = value;
        }
    }
    turns
}
