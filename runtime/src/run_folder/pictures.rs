//! `solution.png` and `loss.png`.

use super::scene::{Scene, Subject, View};
use crate::data::Reference;
use crate::errors::{FieldError, Truth, axis, refined};
use crate::plot::{
    self, Curve, CurvePicture, CurveTruth, GridSamples, LossPicture, Plane, PlotError, Series,
    SolutionPicture,
};
use crate::solution::{Points, Solution};
use crate::train::{Report, Stage};
use pdec_compiler::hir::{Coordinate, CoordinateId, FieldId, Problem, Role, Unit};
use pdec_compiler::settings::{Optimizer, Settings};
use std::path::Path;

/// What there is to draw.
pub struct Story<'a> {
    /// The title of the problem, or the name of its file.
    pub title: &'a str,
    /// The problem.
    pub problem: &'a Problem,
    /// Its solution.
    pub solution: &'a Solution,
    /// Tabulated solutions.
    pub references: &'a [Reference],
    /// Errors against the truth.
    pub errors: &'a [FieldError],
    /// What training reported, attempts that were given up among it.
    pub history: &'a [Report],
    /// The settings with every automatic choice made.
    pub settings: &'a Settings,
    /// Seconds of training.
    pub seconds: f64,
}

/// Samples along each coordinate of a heat map: 240 steps, so that quarters and fifths of an interval are among them and
/// slices are at round values.
const SAMPLES: usize = 241;
/// A grid of a reference with fewer values along an axis would show in a picture: what was found is drawn between them too.
pub(super) const COARSE: usize = 81;
/// Samples of a curve.
pub(super) const CURVE_SAMPLES: usize = 1001;

/// Draws the pictures into a folder: `solution.png` for the first field, `solution-NAME.png` for the others and for vector
/// and complex fields as a whole, `loss.png`. Returns what was left out and why.
pub fn draw(folder: &Path, story: &Story<'_>) -> Vec<String> {
    let mut notes = Vec::new();
    let mut fields = story.problem.fields.iter();
    let first = fields.find(|(_, field)| !field.arguments.is_empty());
    let first = first.map(|(id, _)| id);
    for (id, field) in story.problem.fields.iter() {
        let file = if first == Some(id) {
            "solution.png".to_owned()
        } else {
            format!("solution-{}.png", file_part(&field.name))
        };
        let path = folder.join(&file);
        let drawn = match field.arguments.as_slice() {
            [only] => story.curve(&path, id, *only),
            [first, second] => {
                // The slices of the picture are at fixed values of the horizontal coordinate: time.
                let is_time = |c: &CoordinateId| story.problem.coordinates[*c].role == Role::Time;
                if is_time(second) {
                    story.map(&path, id, [*second, *first])
                } else {
                    story.map(&path, id, [*first, *second])
                }
            }
            [] => continue,
            // Slices, and the error below them where it is known.
            _ => {
                let known = story.problem.exact.iter().any(|it| it.field == id)
                    || story
                        .references
                        .iter()
                        .any(|it| it.field == id.index() && it.axes.is_some());
                let mut subjects = vec![Subject::Field(id)];
                subjects.extend(known.then_some(Subject::Error(id)));
                let subtitle = story.subtitle(id);
                story.view(&path, subtitle, subjects)
            }
        };
        if let Err(error) = drawn {
            notes.push(format!("no `{file}`: {error}"));
        }
    }
    for (number, group) in story.problem.groups.iter().enumerate() {
        let file = format!("solution-{}.png", file_part(&group.name));
        let drawable = group.components.first().is_some_and(|id| {
            let arguments = &story.problem.fields[*id].arguments;
            let space = arguments
                .iter()
                .filter(|it| story.problem.coordinates[**it].role == Role::Space);
            // Lengths and arrows say something in a plane of space; a modulus wherever a field can be drawn.
            arguments.len() >= 2 && (group.complex || space.count() >= 2)
        });
        if drawable
            && let Err(error) = story.view(
                &folder.join(&file),
                String::new(),
                vec![Subject::Group(number)],
            )
        {
            notes.push(format!("no `{file}`: {error}"));
        }
    }
    if story.history.is_empty() {
        notes.push(
            "no `loss.png`: `metrics.jsonl` is missing or has no report that can be read"
                .to_owned(),
        );
    } else if let Err(error) = story.loss(&folder.join("loss.png")) {
        notes.push(format!("no `loss.png`: {error}"));
    }
    notes
}

/// A name with nothing in it that a file system or shell could mind: letters and digits of any script, `_` and `.`;
/// `v.2` for `v[2]`.
fn file_part(name: &str) -> String {
    let safe = |c: char| match c {
        '[' => Some('.'),
        ']' => None,
        c if c.is_alphanumeric() || c == '_' || c == '.' => Some(c),
        _ => Some('-'),
    };
    name.chars().filter_map(safe).collect()
}

/// `x [mm]`: a label with its unit.
pub(super) fn labelled(name: &str, unit: Option<&Unit>) -> String {
    unit.map_or(name.to_owned(), |unit| format!("{name} [{}]", unit.text))
}

/// What the axes of a picture are, horizontal first.
pub(super) fn plane_kind(problem: &Problem, plane: [CoordinateId; 2]) -> Plane {
    if problem.coordinates[plane[0]].role == Role::Time {
        Plane::OverTime
    } else if proportional(problem, plane) {
        Plane::Lengths
    } else {
        Plane::Other
    }
}

/// Whether two coordinates are lengths of one unit, so that a plane of them is drawn in proportion.
pub(super) fn proportional(problem: &Problem, plane: [CoordinateId; 2]) -> bool {
    let [one, other] = plane.map(|id| &problem.coordinates[id]);
    let unit = |it: &Coordinate| it.unit.as_ref().map(|unit| unit.text.clone());
    one.role == Role::Space && other.role == Role::Space && unit(one) == unit(other)
}

impl Story<'_> {
    fn view(&self, path: &Path, subtitle: String, subjects: Vec<Subject>) -> Result<(), PlotError> {
        let scene = Scene {
            problem: self.problem,
            solution: self.solution,
            references: self.references,
            title: self.title,
            subtitle,
        };
        let view = View {
            subjects,
            at: Vec::new(),
            contours: false,
        };
        scene.draw(path, &view)
    }

    fn curve(
        &self,
        path: &Path,
        field: FieldId,
        coordinate: CoordinateId,
    ) -> Result<(), PlotError> {
        let (known, reference) = self.axes(field, &[coordinate], CURVE_SAMPLES);
        let axes = [refined(&known[0], COARSE, CURVE_SAMPLES)];
        let points = self.points(&[coordinate], &axes);
        let values = self.solution.evaluate(&points).swap_remove(field.index());
        let truth = self.truth(field, &points, reference, |r| r.values.clone());
        plot::curve(
            path,
            &CurvePicture {
                title: self.title.to_owned(),
                field: self.field_label(field),
                horizontal: self.coordinate_label(coordinate),
                x: &axes[0],
                curves: vec![Curve {
                    label: String::new(),
                    solution: &values,
                    truth: truth.as_ref().map(|(values, truth)| CurveTruth {
                        x: reference.map_or(&axes[0], |_| &known[0]),
                        values,
                        kind: truth.name().to_owned(),
                    }),
                }],
                subtitle: self.subtitle(field),
                limits: None,
            },
        )
    }

    fn map(&self, path: &Path, field: FieldId, plane: [CoordinateId; 2]) -> Result<(), PlotError> {
        let (known, reference) = self.axes(field, &plane, SAMPLES);
        let axes: Vec<Vec<f64>> = known
            .iter()
            .map(|it| refined(it, COARSE, SAMPLES))
            .collect();
        let points = self.points(&plane, &axes);
        let values = self.solution.evaluate(&points).swap_remove(field.index());
        let horizontal_is_first = self.problem.fields[field].arguments.first() == Some(&plane[0]);
        let (columns, rows) = (known[0].len(), known[1].len());
        let truth = self.truth(field, &points, reference, |r| {
            // The reference has its last argument fastest, the picture the horizontal one.
            (0..columns * rows)
                .map(|n| match (n % columns, n / columns) {
                    (i, j) if horizontal_is_first => r.values[i * rows + j],
                    (i, j) => r.values[j * columns + i],
                })
                .collect()
        });
        let samples = |axes: &[Vec<f64>], values: Vec<f64>| GridSamples {
            x: axes[0].clone(),
            y: axes[1].clone(),
            values,
        };
        let truth = truth.map(|(values, truth)| {
            let axes = if reference.is_some() { &known } else { &axes };
            (samples(axes, values), truth)
        });
        let mut subtitle = self.subtitle(field);
        if reference.is_some() && columns.min(rows) < COARSE {
            subtitle.push_str(&format!(
                " · error at the {columns} × {rows} points of the reference"
            ));
        }
        plot::solution(
            path,
            &SolutionPicture {
                title: self.title.to_owned(),
                field: self.field_label(field),
                arguments: self.arguments(field),
                horizontal: self.coordinate_label(plane[0]),
                vertical: self.coordinate_label(plane[1]),
                plane: plane_kind(self.problem, plane),
                solution: &samples(&axes, values),
                truth: truth
                    .as_ref()
                    .map(|(samples, truth)| (samples, truth.name().to_owned())),
                subtitle,
            },
        )
    }

    /// The axes of a picture: those of the reference where that is the truth, else equally spaced.
    fn axes(
        &self,
        field: FieldId,
        coordinates: &[CoordinateId],
        count: usize,
    ) -> (Vec<Vec<f64>>, Option<&Reference>) {
        let exact_is_known = self.problem.exact.iter().any(|exact| exact.field == field);
        let reference = self
            .references
            .iter()
            .find(|reference| !exact_is_known && reference.field == field.index())
            // What is known at scattered points is measured, but cannot be drawn beside.
            .filter(|reference| reference.axes.is_some());
        let known = reference.and_then(|reference| reference.axes.as_ref());
        let arguments = &self.problem.fields[field].arguments;
        let axes = coordinates
            .iter()
            .map(|id| {
                let position = arguments.iter().position(|argument| argument == id);
                match (known, position) {
                    (Some(known), Some(position)) => known[position].clone(),
                    (_, _) => {
                        let coordinate = &self.problem.coordinates[*id];
                        axis(coordinate.low, coordinate.high, count)
                    }
                }
            })
            .collect();
        (axes, reference)
    }

    /// The grid of these axes, the first fastest.
    fn points(&self, coordinates: &[CoordinateId], axes: &[Vec<f64>]) -> Points {
        let count: usize = axes.iter().map(Vec::len).product();
        let columns = self.problem.coordinates.iter().map(|(id, coordinate)| {
            match coordinates.iter().position(|c| *c == id) {
                Some(k) => {
                    let stride: usize = axes[..k].iter().map(Vec::len).product();
                    let axis = &axes[k];
                    (0..count)
                        .map(|n| {
                            axis[n / stride % axis.len()].clamp(coordinate.low, coordinate.high)
                        })
                        .collect()
                }
                None => vec![coordinate.low; count],
            }
        });
        Points {
            coordinates: columns.collect(),
        }
    }

    fn truth(
        &self,
        field: FieldId,
        points: &Points,
        reference: Option<&Reference>,
        ordered: impl Fn(&Reference) -> Vec<f64>,
    ) -> Option<(Vec<f64>, Truth)> {
        match self.solution.exact(field.index(), points) {
            Some(values) => Some((values, Truth::Exact)),
            None => reference.map(|reference| (ordered(reference), Truth::Reference)),
        }
    }

    /// `x, t`: the arguments as declared.
    fn arguments(&self, field: FieldId) -> String {
        let arguments = self.problem.fields[field].arguments.iter();
        let names: Vec<&str> = arguments
            .map(|id| self.problem.coordinates[*id].name.as_str())
            .collect();
        names.join(", ")
    }

    /// `T [K]`
    fn field_label(&self, field: FieldId) -> String {
        let field = &self.problem.fields[field];
        labelled(&field.name, field.unit.as_ref())
    }

    /// `x [mm]`
    fn coordinate_label(&self, coordinate: CoordinateId) -> String {
        let coordinate = &self.problem.coordinates[coordinate];
        labelled(&coordinate.name, coordinate.unit.as_ref())
    }

    fn subtitle(&self, field: FieldId) -> String {
        let name = &self.problem.fields[field].name;
        let time = self.seconds_and_end();
        match self.errors.iter().find(|error| error.field == *name) {
            Some(error) if self.errors.len() > 1 => {
                let kind = kind(error);
                format!("{kind}L2 error of {name} {:.1e} · {time}", error.l2)
            }
            Some(error) => format!("{}L2 error {:.1e} · {time}", kind(error), error.l2),
            None => time,
        }
    }

    /// The time that training took, and where the solution ends if that is before the end of time.
    fn seconds_and_end(&self) -> String {
        let taken = format!("{:.1} s", self.seconds);
        let until = self.solution.trained_until();
        match self.problem.time().map(|id| &self.problem.coordinates[id]) {
            Some(time) if until < time.high => {
                format!(
                    "{taken} · trained up to {} = {}",
                    time.name,
                    plot::number(until)
                )
            }
            Some(_) | None => taken,
        }
    }

    fn loss(&self, path: &Path) -> Result<(), PlotError> {
        let chosen = self.settings.optimizer.iter().map(Optimizer::name);
        let chosen: Vec<&str> = chosen.collect();
        let mut history = course(self.history, &chosen, |it| (it.step, it.optimizer));
        // That is another solution.
        history.retain(|it| it.stage != Stage::Estimate);
        let line = |label: &str, value: &dyn Fn(&Report) -> Option<f64>| Series {
            label: label.to_owned(),
            points: history
                .iter()
                .filter_map(|report| value(report).map(|value| (report.step as f64, value)))
                .collect(),
        };
        let named = |list: &[(String, f64)], label: &str| {
            list.iter().find(|(name, _)| name == label).map(|(_, v)| *v)
        };
        let mut series = vec![line("loss", &|report| Some(report.loss))];
        let labels = history.last().map_or(&[][..], |report| &report.terms);
        for (label, _) in labels {
            let shown = self.problem.label_with_unit(label);
            series.push(line(&shown, &|report| {
                named(&report.terms, label).map(f64::sqrt)
            }));
        }
        let errors = self.errors.iter().map(|error| {
            let label = format!("{}L2 error of {}", kind(error), error.field);
            // While features are tried, it is that of the first window.
            let solved = history.iter().any(|it| it.stage != Stage::Search);
            line(&label, &|report| {
                let whole = report.stage != Stage::Search || !solved;
                named(&report.errors, &error.field).filter(|_| whole)
            })
        });
        let mut marks = Vec::new();
        for pair in history.windows(2) {
            if pair[0].window != pair[1].window && pair[0].stage == pair[1].stage {
                marks.push((pair[1].step as f64, format!("{}", pair[1].window + 1)));
            }
        }
        plot::loss(
            path,
            &LossPicture {
                title: self.title.to_owned(),
                subtitle: match history.iter().rfind(|it| it.stage == Stage::Search) {
                    Some(last) if last.step < history.last().map_or(0, |it| it.step) => {
                        let tried = last.step;
                        format!(
                            "{:.1} s · up to step {tried} features were tried",
                            self.seconds
                        )
                    }
                    Some(_) => format!("{:.1} s · every step tries features", self.seconds),
                    None => format!("{:.1} s", self.seconds),
                },
                horizontal: "step".to_owned(),
                vertical: "loss, root mean square residuals, error".to_owned(),
                series: &series,
                marks,
                errors: errors.filter(|series| !series.points.is_empty()).collect(),
            },
        )
    }
}

/// The reports that led to the result. A search that comes before training, and a solve that is begun anew, count steps
/// from one: what they had reported when the count fell back is another course. What an optimiser reported that was given up
/// in favour of the `chosen` ones is another course too, even where it came last.
fn course<'a, T>(
    history: &'a [T],
    chosen: &[&str],
    of: impl Fn(&T) -> (usize, &'static str),
) -> Vec<&'a T> {
    let by_chosen = |report: &&T| chosen.contains(&of(report).1);
    let any = history.iter().any(|report| by_chosen(&report));
    let mut course: Vec<&T> = Vec::with_capacity(history.len());
    for report in history.iter().filter(|it| !any || by_chosen(it)) {
        while course.last().is_some_and(|last| of(last).0 >= of(report).0) {
            course.pop();
        }
        course.push(report);
    }
    course
}

/// What stands before `L2 error`.
fn kind(error: &FieldError) -> &'static str {
    if error.relative { "relative " } else { "" }
}

#[cfg(test)]
mod tests {
    use super::{SAMPLES, course, file_part};
    use crate::errors::axis;

    #[test]
    fn names_of_files_are_safe() {
        assert_eq!(file_part("v.x"), "v.x");
        assert_eq!(file_part("v[2]"), "v.2");
        assert_eq!(file_part("ψ_1"), "ψ_1");
        assert_eq!(file_part("a/b:c"), "a-b-c");
    }

    #[test]
    fn slices_are_at_round_values() {
        let axis = axis(0.0, 1.0, SAMPLES);
        for part in [0.2, 0.25, 0.4, 0.5, 0.6, 0.75, 0.8] {
            assert!(
                axis.iter().any(|x: &f64| (x - part).abs() < 1e-12),
                "{part}"
            );
        }
    }

    #[test]
    fn the_picture_of_the_loss_is_of_the_course_that_led_to_the_result() {
        let steps = |history: &[(usize, &'static str)], chosen: &[&str]| -> Vec<usize> {
            let course = course(history, chosen, |report| *report);
            course.into_iter().map(|report| report.0).collect()
        };
        let adam = [1, 2, 3, 1, 4, 2, 3, 5].map(|step| (step, "adam"));
        assert_eq!(steps(&adam, &["adam", "lbfgs"]), [1, 2, 3, 5]);
        // A solve, then training that was worse.
        let both = [
            (1, "newton_solve"),
            (2, "newton_solve"),
            (1, "gauss_newton"),
        ];
        assert_eq!(steps(&both, &["newton_solve"]), [1, 2]);
        assert_eq!(steps(&both, &["gauss_newton"]), [1]);
        assert_eq!(steps(&both, &["adam"]), [1]);
    }
}
