//! The reserved words of the language.
//!
//! All words of the whole language are reserved from the start, those included that this compiler does not
//! read yet: a file that is correct today stays correct.

/// What a reserved word does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// It opens a declaration.
    Opens(Opener),
    /// It opens a declaration that this compiler does not read yet; the text says what it is for.
    OpensLater(&'static str),
    /// It stands inside a declaration.
    Continues,
    /// It stands inside a declaration that this compiler does not read yet; the text says what it is for.
    ContinuesLater(&'static str),
}

/// The declarations that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // the keyword table below is the documentation
pub(crate) enum Opener {
    Title,
    Coordinates,
    Time,
    Field,
    Parameter,
    Definition,
    Equation,
    Initial,
    Condition,
    Periodic,
    Exact,
    Reference,
    Train,
}

/// All reserved words.
pub(crate) const KEYWORDS: [(&str, Role); 31] = [
    ("problem", Role::Opens(Opener::Title)),
    ("coord", Role::Opens(Opener::Coordinates)),
    ("time", Role::Opens(Opener::Time)),
    ("field", Role::Opens(Opener::Field)),
    ("param", Role::Opens(Opener::Parameter)),
    ("let", Role::Opens(Opener::Definition)),
    ("eq", Role::Opens(Opener::Equation)),
    ("initial", Role::Opens(Opener::Initial)),
    ("on", Role::Opens(Opener::Condition)),
    ("periodic", Role::Opens(Opener::Periodic)),
    ("exact", Role::Opens(Opener::Exact)),
    ("reference", Role::Opens(Opener::Reference)),
    ("train", Role::Opens(Opener::Train)),
    (
        "unknown",
        Role::OpensLater("unknown constants and coefficients (`unknown`)"),
    ),
    (
        "domain",
        Role::OpensLater("domains other than boxes (`domain`)"),
    ),
    (
        "boundary",
        Role::OpensLater("named parts of the boundary (`boundary`)"),
    ),
    ("observe", Role::OpensLater("measured data (`observe`)")),
    (
        "minimize",
        Role::OpensLater("variational problems (`minimize`)"),
    ),
    (
        "constraint",
        Role::OpensLater("integral constraints (`constraint`)"),
    ),
    (
        "manufactured",
        Role::OpensLater("manufactured solutions (`manufactured`)"),
    ),
    (
        "interface",
        Role::OpensLater("interfaces between materials (`interface`)"),
    ),
    (
        "at",
        Role::OpensLater("conditions at a given time (`at t = 1: …`)"),
    ),
    ("in", Role::Continues),
    ("from", Role::Continues),
    (
        "over",
        Role::ContinuesLater("families of problems (`param Re over [100, 1000]`)"),
    ),
    (
        "where",
        Role::ContinuesLater("parts of the boundary chosen by `where`"),
    ),
    ("noise", Role::ContinuesLater("measured data with noise")),
    (
        "rest",
        Role::ContinuesLater("named parts of the boundary (`rest`)"),
    ),
    (
        "union",
        Role::ContinuesLater("regions made of shapes (`union`)"),
    ),
    (
        "intersect",
        Role::ContinuesLater("regions made of shapes (`intersect`)"),
    ),
    (
        "minus",
        Role::ContinuesLater("regions made of shapes (`minus`)"),
    ),
];

/// All reserved words of the language, those included that this compiler does not read yet.
pub fn keywords() -> impl Iterator<Item = &'static str> {
    KEYWORDS.iter().map(|(keyword, _)| *keyword)
}

/// What this word does, where it is reserved.
pub(crate) fn role(word: &str) -> Option<Role> {
    KEYWORDS
        .iter()
        .find(|(keyword, _)| *keyword == word)
        .map(|(_, role)| *role)
}

/// The declaration that this word opens, where it opens one that can be read.
pub(crate) fn opener(word: &str) -> Option<Opener> {
    match role(word)? {
        Role::Opens(opener) => Some(opener),
        Role::OpensLater(_) | Role::Continues | Role::ContinuesLater(_) => None,
    }
}

/// Whether this word opens a declaration of the whole language.
pub(crate) fn opens(word: &str) -> bool {
    match role(word) {
        Some(Role::Opens(_) | Role::OpensLater(_)) => true,
        Some(Role::Continues | Role::ContinuesLater(_)) | None => false,
    }
}

impl Opener {
    /// The form of the declaration, with an example in the reader's own symbols.
    pub(crate) fn form(self) -> &'static str {
        match self {
            Self::Title => "a title is written `problem \"Heat in a rod\"`",
            Self::Coordinates => {
                "a coordinate is written `coord x in [0, 1]`, several on the same interval `coord x, y in [0, 1]`"
            }
            Self::Time => "time is written `time t in [0, 1]`",
            Self::Field => {
                "a field is written with the coordinates that it depends on: `field u(x, t)`"
            }
            Self::Parameter => "a parameter is written `param nu = 0.01`",
            Self::Definition => "a definition is written `let k = 2*pi` or `let flux(w) = w^2/2`",
            Self::Equation => {
                "an equation is written `eq u_t = u_xx`, with a label `eq heat: u_t = u_xx`"
            }
            Self::Initial => "an initial condition is written `initial u = sin(pi*x)`",
            Self::Condition => "a boundary condition is written `on x = 0, x = 1: u = 0`",
            Self::Periodic => "periodic coordinates are written `periodic x`",
            Self::Exact => "an exact solution is written `exact u = sin(pi*x)`",
            Self::Reference => {
                "a reference solution is written `reference u from \"ref.npz\" (x, t, u)`"
            }
            Self::Train => "settings are written `train { network = mlp(width = 64, depth = 4) }`",
        }
    }
}
