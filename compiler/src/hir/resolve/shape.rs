//! The shapes that regions are made of.

/// What an argument of a shape must be.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Argument {
    /// A number of either sign.
    Number,
    /// A length.
    Positive,
    /// As many numbers as the dimension.
    Point,
}

/// A shape with the names of its arguments and sides.
pub(super) struct ShapeForm {
    pub name: &'static str,
    /// Its dimension; none where its points tell.
    pub dimension: Option<usize>,
    pub arguments: &'static [(&'static str, Argument)],
    /// Whether more points may follow.
    pub more: bool,
    pub sides: &'static [&'static str],
    pub form: &'static str,
}

use Argument::{Number, Point, Positive};

/// The shapes of the language.
pub(super) const SHAPES: [ShapeForm; 12] = [
    ShapeForm {
        name: "interval",
        dimension: Some(1),
        arguments: &[("low", Number), ("high", Number)],
        more: false,
        sides: &["left", "right"],
        form: "interval(0, 1)",
    },
    ShapeForm {
        name: "rectangle",
        dimension: Some(2),
        arguments: &[("low", Point), ("high", Point)],
        more: false,
        sides: &["left", "right", "bottom", "top"],
        form: "rectangle((0, 0), (2, 1))",
    },
    ShapeForm {
        name: "box",
        dimension: None,
        arguments: &[("low", Point), ("high", Point)],
        more: false,
        sides: &["left", "right", "bottom", "top", "front", "back"],
        form: "box((0, 0, 0), (1, 1, 1))",
    },
    ShapeForm {
        name: "disk",
        dimension: Some(2),
        arguments: &[("center", Point), ("radius", Positive)],
        more: false,
        sides: &["rim"],
        form: "disk((0, 0), radius = 1)",
    },
    ShapeForm {
        name: "ellipse",
        dimension: Some(2),
        arguments: &[("center", Point), ("a", Positive), ("b", Positive)],
        more: false,
        sides: &["rim"],
        form: "ellipse((0, 0), a = 2, b = 1)",
    },
    ShapeForm {
        name: "annulus",
        dimension: Some(2),
        arguments: &[("center", Point), ("inner", Positive), ("outer", Positive)],
        more: false,
        sides: &["inner", "outer"],
        form: "annulus((0, 0), inner = 1, outer = 2)",
    },
    ShapeForm {
        name: "sector",
        dimension: Some(2),
        arguments: &[
            ("center", Point),
            ("radius", Positive),
            ("start", Number),
            ("end", Number),
        ],
        more: false,
        sides: &["arc", "start", "end"],
        form: "sector((0, 0), radius = 1, start = 0, end = pi/2)",
    },
    ShapeForm {
        name: "polygon",
        dimension: Some(2),
        arguments: &[("first", Point), ("second", Point), ("third", Point)],
        more: true,
        sides: &["edge"],
        form: "polygon((0, 0), (1, 0), (0, 1))",
    },
    ShapeForm {
        name: "ball",
        dimension: None,
        arguments: &[("center", Point), ("radius", Positive)],
        more: false,
        sides: &["surface"],
        form: "ball((0, 0, 0), radius = 1)",
    },
    ShapeForm {
        name: "cylinder",
        dimension: Some(3),
        arguments: &[("base", Point), ("radius", Positive), ("height", Positive)],
        more: false,
        sides: &["bottom", "top", "side"],
        form: "cylinder((0, 0, 0), radius = 1, height = 2)",
    },
    ShapeForm {
        name: "cone",
        dimension: Some(3),
        arguments: &[("base", Point), ("radius", Positive), ("height", Positive)],
        more: false,
        sides: &["bottom", "side"],
        form: "cone((0, 0, 0), radius = 1, height = 2)",
    },
    ShapeForm {
        name: "torus",
        dimension: Some(3),
        arguments: &[("center", Point), ("major", Positive), ("minor", Positive)],
        more: false,
        sides: &["surface"],
        form: "torus((0, 0, 0), major = 2, minor = 1)",
    },
];

/// The position of a shape in the table.
pub(super) fn shape_named(name: &str) -> Option<usize> {
    SHAPES.iter().position(|shape| shape.name == name)
}
