//! Pictures of known data, checked at pixels whose colour is known.

use std::fs;

use plotters::style::RGBColor;

use super::canvas::Raster;
use super::colour::{ColourMap, MISSING};
use super::solution::map_area;
use super::{
    Curve, CurvePicture, CurveTruth, GridSamples, LossPicture, Plane, PlotError, Series,
    SolutionPicture,
};

fn evenly(low: f64, high: f64, count: usize) -> Vec<f64> {
    (0..count)
        .map(|i| low + (high - low) * i as f64 / (count - 1) as f64)
        .collect()
}

/// Samples on [0, 1]², 41 along x and 21 along y.
fn samples(function: impl Fn(f64, f64) -> f64) -> GridSamples {
    let (x, y) = (evenly(0.0, 1.0, 41), evenly(0.0, 1.0, 21));
    let values = y
        .iter()
        .flat_map(|y| x.iter().map(|x| function(*x, *y)))
        .collect();
    GridSamples { x, y, values }
}

fn picture<'a>(solution: &'a GridSamples, truth: Option<&'a GridSamples>) -> SolutionPicture<'a> {
    SolutionPicture {
        title: "Heat equation".into(),
        field: "u".into(),
        arguments: "x, t".into(),
        horizontal: "t".into(),
        vertical: "x".into(),
        plane: Plane::OverTime,
        solution,
        truth: truth.map(|truth| (truth, "exact".into())),
        subtitle: "∂u/∂t = α∇²u".into(),
    }
}

fn pixel(raster: &Raster, x: i32, y: i32) -> RGBColor {
    let at = 3 * (y as usize * raster.width as usize + x as usize);
    RGBColor(raster.rgb[at], raster.rgb[at + 1], raster.rgb[at + 2])
}

/// The pixel of the solution's map at a point of the unit square.
fn on_map(raster: &Raster, halved: bool, x: f64, y: f64) -> RGBColor {
    let field = samples(|_, _| 0.0);
    let area = map_area(&picture(&field, halved.then_some(&field)));
    let column = area.left + (x * f64::from(area.right - area.left)) as i32;
    let row = area.top + ((1.0 - y) * f64::from(area.bottom - area.top)) as i32;
    pixel(raster, column, row)
}

fn close(one: RGBColor, other: RGBColor) -> bool {
    let RGBColor(a, b, c) = one;
    let RGBColor(d, e, f) = other;
    a.abs_diff(d).max(b.abs_diff(e)).max(c.abs_diff(f)) <= 6
}

#[test]
fn the_picture_names_the_field_as_it_is_declared() {
    let field = samples(|x, _| x);
    assert_eq!(picture(&field, None).signature(), "u(x, t)");
}

#[test]
fn lengths_of_one_unit_are_drawn_in_proportion() {
    let field = samples(|x, _| x);
    for truth in [None, Some(&field)] {
        let mut lengths = picture(&field, truth);
        lengths.plane = Plane::Lengths;
        let area = map_area(&lengths);
        assert_eq!(area.right - area.left, area.bottom - area.top);
        let raster = super::solution::render(&lengths).unwrap();
        assert_eq!(raster.height as i32, 700 + area.bottom - area.top);
        // A long channel is not.
        let mut channel = field.clone();
        channel.x.iter_mut().for_each(|x| *x *= 100.0);
        let area = map_area(&SolutionPicture {
            solution: &channel,
            truth: None,
            ..lengths
        });
        assert_eq!(area.bottom - area.top, 400);
    }
}

#[test]
fn a_maximum_has_the_last_colour_where_it_is() {
    let hill = samples(|x, y| (-20.0 * (x - 0.25).powi(2) - 20.0 * (y - 0.75).powi(2)).exp());
    let raster = super::solution::render(&picture(&hill, None)).unwrap();
    assert_eq!((raster.width, raster.height), (1800, 1100));
    assert_eq!(raster.rgb.len(), 3 * 1800 * 1100);
    assert!(close(
        on_map(&raster, false, 0.25, 0.75),
        ColourMap::Sequential.colour(1.0)
    ));
    assert!(close(
        on_map(&raster, false, 0.99, 0.01),
        ColourMap::Sequential.colour(0.0)
    ));
}

#[test]
fn both_signs_make_zero_white() {
    let wave = samples(|x, _| (std::f64::consts::TAU * x).sin());
    let raster = super::solution::render(&picture(&wave, None)).unwrap();
    assert!(close(
        on_map(&raster, false, 0.25, 0.3),
        ColourMap::Diverging.colour(1.0)
    ));
    assert!(close(
        on_map(&raster, false, 0.75, 0.3),
        ColourMap::Diverging.colour(0.0)
    ));
    assert!(close(
        on_map(&raster, false, 0.5, 0.3),
        ColourMap::Diverging.colour(0.5)
    ));
}

#[test]
fn the_error_map_is_logarithmic() {
    let truth = samples(|x, y| x + y);
    let found = samples(|x, y| x + y + 10_f64.powf(-6.0 + 4.0 * x));
    let raster = super::solution::render(&picture(&found, Some(&truth))).unwrap();
    let area = map_area(&picture(&found, Some(&truth)));
    let shift = area.right + 152 - area.left;
    let middle = pixel(
        &raster,
        shift + (area.left + area.right) / 2,
        (area.top + area.bottom) / 2,
    );
    let end = pixel(
        &raster,
        shift + area.right - 3,
        (area.top + area.bottom) / 2,
    );
    assert!(close(end, ColourMap::Magnitude.colour(0.99)), "{end:?}");
    assert!(
        close(middle, ColourMap::Magnitude.colour(0.49)),
        "{middle:?}"
    );
}

#[test]
fn missing_values_are_grey_and_only_they() {
    let hole = samples(|x, y| if x < 0.3 && y < 0.3 { f64::NAN } else { x });
    let raster = super::solution::render(&picture(&hole, Some(&hole))).unwrap();
    assert_eq!(on_map(&raster, true, 0.1, 0.1), MISSING);
    assert_ne!(on_map(&raster, true, 0.5, 0.5), MISSING);
}

#[test]
fn awkward_data_are_drawn() {
    for field in [
        samples(|_, _| 0.0),
        samples(|_, _| -3.0),
        samples(|x, y| 1.0 + 1e-9 * (x * y)),
        samples(|x, y| 1e300 * (x - y)),
        samples(|x, y| 1e-300 * (x - y)),
        samples(|x, _| if x > 0.5 { f64::INFINITY } else { x }),
        samples(|x, _| f64::MAX * (2.0 * x - 1.0)),
    ] {
        let mut long = picture(&field, Some(&field));
        long.title = "a title that no page is wide enough for ".repeat(9);
        super::solution::render(&long).unwrap();
    }
}

#[test]
fn a_curve_passes_through_its_values() {
    let x = evenly(0.0, 1.0, 11);
    let flat = vec![2.0; 11];
    let picture = CurvePicture {
        title: String::new(),
        field: "u".into(),
        horizontal: "x".into(),
        x: &x,
        curves: vec![Curve {
            label: String::new(),
            solution: &flat,
            truth: None,
        }],
        subtitle: String::new(),
        limits: None,
    };
    let raster = super::curve::render(&picture).unwrap();
    // The line lies in the middle of an axis that widens a constant evenly.
    let line = pixel(&raster, 700, (200 + raster.height as i32 - 110) / 2);
    assert!(close(line, super::colour::ordered(0, 1)), "{line:?}");
    let short = CurvePicture {
        curves: vec![Curve {
            label: String::new(),
            solution: &flat,
            truth: Some(CurveTruth {
                x: &x,
                values: &flat[..10],
                kind: "exact".into(),
            }),
        }],
        ..picture
    };
    let error = super::curve::render(&short).err().unwrap();
    assert_eq!(
        error.to_string(),
        "the exact `u` has 10 values where 11 belong to its coordinates"
    );
}

#[test]
fn a_loss_skips_what_has_no_logarithm() {
    let points = vec![
        (0.0, 1.0),
        (1.0, 0.0),
        (2.0, -1.0),
        (3.0, f64::NAN),
        (4.0, 1.0),
    ];
    let series = [Series {
        label: "equation".into(),
        points,
    }];
    let mut picture = LossPicture {
        title: "Heat equation".into(),
        subtitle: String::new(),
        horizontal: "step".into(),
        vertical: "loss".into(),
        series: &series,
        marks: vec![(2.0, "window 2".into()), (9.0, "outside".into())],
        errors: Vec::new(),
    };
    let raster = super::loss::render(&picture).unwrap();
    // Without the skipped values the line is level: its colour is found in one band of rows, all the way across.
    let blue = super::colour::SERIES[0];
    let rows = |column: i32| {
        (200..raster.height as i32)
            .filter(|row| pixel(&raster, column, *row) == blue)
            .count()
    };
    assert!((1..4).contains(&rows(600)));
    assert!((1..4).contains(&rows(1200)));
    let diverged = [Series {
        label: "equation".into(),
        points: vec![(0.0, 1e-320), (1.0, f64::MAX), (2.0, f64::INFINITY)],
    }];
    picture.series = &diverged;
    super::loss::render(&picture).unwrap();
    let nothing = [Series {
        label: "equation".into(),
        points: vec![(0.0, 0.0), (1.0, f64::NAN)],
    }];
    picture.series = &nothing;
    let error = super::loss::render(&picture).err().unwrap();
    assert_eq!(error.to_string(), "the loss has no finite value to draw");
}

#[test]
fn a_mismatch_is_an_error() {
    let error = |solution: &GridSamples, truth: Option<&GridSamples>| {
        super::solution::render(&picture(solution, truth))
            .err()
            .unwrap()
    };
    let good = samples(|x, y| x * y);
    let mut short = good.clone();
    short.values.pop();
    assert_eq!(
        error(&short, None).to_string(),
        "`u` has 860 values where 861 belong to its coordinates"
    );
    assert!(matches!(
        error(&good, Some(&short)),
        PlotError::SizeMismatch {
            expected: 861,
            found: 860,
            ..
        }
    ));
    let mut moved = good.clone();
    moved.x[3] += 0.01;
    assert!(matches!(
        error(&good, Some(&moved)),
        PlotError::GridsDiffer { .. }
    ));
    let mut backward = good.clone();
    backward.y.swap(0, 1);
    assert!(matches!(error(&backward, None), PlotError::Coordinates { axis, .. } if axis == "x"));
    let empty = GridSamples {
        x: vec![],
        y: vec![],
        values: vec![],
    };
    assert!(matches!(error(&empty, None), PlotError::Coordinates { .. }));
    let nothing = samples(|_, _| f64::NAN);
    assert!(matches!(
        error(&nothing, None),
        PlotError::NoFiniteValue { .. }
    ));
}

#[test]
fn files_appear_whole_and_repeat_byte_for_byte() {
    let folder = tempfile::tempdir().unwrap();
    let (one, other) = (
        folder.path().join("one.png"),
        folder.path().join("other.png"),
    );
    let field = samples(|x, y| x * y);
    fs::write(&one, "old").unwrap();
    super::solution(&one, &picture(&field, None)).unwrap();
    super::solution(&other, &picture(&field, None)).unwrap();
    let bytes = fs::read(&one).unwrap();
    assert_eq!(bytes[..8], *b"\x89PNG\r\n\x1a\n");
    assert!(bytes == fs::read(&other).unwrap());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);

    let nowhere = folder.path().join("missing").join("one.png");
    let error = super::solution(&nowhere, &picture(&field, None)).unwrap_err();
    assert!(matches!(&error, PlotError::Write { path, .. } if *path == nowhere));
    assert!(error.to_string().starts_with("cannot write the picture `"));
}
