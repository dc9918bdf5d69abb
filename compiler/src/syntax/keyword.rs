//! The reserved words of the language.
//!
//! All words of the whole language are reserved from the start: a file that is correct today stays correct.

/// What a reserved word does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// It opens a declaration.
    Opens(Opener),
    /// It stands inside a declaration, between its parts.
    Connects,
    /// It stands for something inside a declaration.
    Operand,
    /// It would open a declaration, but none is written with it; the text says what is written instead.
    Reserved(&'static str),
}

/// The declarations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // the keyword table below is the documentation
pub(crate) enum Opener {
    Title,
    Coordinates,
    Time,
    Field,
    Parameter,
    Unknown,
    Definition,
    Domain,
    Boundary,
    Equation,
    Initial,
    At,
    Condition,
    Periodic,
    Exact,
    Manufactured,
    Reference,
    Observe,
    Minimize,
    Constraint,
    Train,
}

/// All reserved words.
pub(crate) const KEYWORDS: [(&str, Role); 31] = [
    ("problem", Role::Opens(Opener::Title)),
    ("coord", Role::Opens(Opener::Coordinates)),
    ("time", Role::Opens(Opener::Time)),
    ("field", Role::Opens(Opener::Field)),
    ("param", Role::Opens(Opener::Parameter)),
    ("unknown", Role::Opens(Opener::Unknown)),
    ("let", Role::Opens(Opener::Definition)),
    ("domain", Role::Opens(Opener::Domain)),
    ("boundary", Role::Opens(Opener::Boundary)),
    ("eq", Role::Opens(Opener::Equation)),
    ("initial", Role::Opens(Opener::Initial)),
    ("at", Role::Opens(Opener::At)),
    ("on", Role::Opens(Opener::Condition)),
    ("periodic", Role::Opens(Opener::Periodic)),
    ("exact", Role::Opens(Opener::Exact)),
    ("manufactured", Role::Opens(Opener::Manufactured)),
    ("reference", Role::Opens(Opener::Reference)),
    ("observe", Role::Opens(Opener::Observe)),
    ("minimize", Role::Opens(Opener::Minimize)),
    ("constraint", Role::Opens(Opener::Constraint)),
    ("train", Role::Opens(Opener::Train)),
    (
        "interface",
        Role::Reserved(
            "conditions between two materials are written `boundary gamma = …` and then `on gamma: jump(u) = 0`",
        ),
    ),
    ("in", Role::Connects),
    ("from", Role::Connects),
    ("over", Role::Connects),
    ("where", Role::Connects),
    ("noise", Role::Connects),
    ("union", Role::Connects),
    ("intersect", Role::Connects),
    ("minus", Role::Connects),
    ("rest", Role::Operand),
];

/// All reserved words of the language.
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

/// Whether a declaration begins at this word.
pub(crate) fn opens(word: &str) -> bool {
    match role(word) {
        Some(Role::Opens(_) | Role::Reserved(_)) => true,
        Some(Role::Connects | Role::Operand) | None => false,
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
            Self::Parameter => {
                "a parameter is written `param nu = 0.01`, a family `param Re over [100, 1000]`"
            }
            Self::Unknown => {
                "an unknown is written `unknown k in (0, 10) = 1` or `unknown field k(x) in (0, 10)`"
            }
            Self::Definition => "a definition is written `let k = 2*pi` or `let flux(w) = w^2/2`",
            Self::Domain => {
                "a domain is written `domain Omega = rectangle((0, 0), (2, 1)) minus disk((1, 0.5), radius = 0.1)`"
            }
            Self::Boundary => {
                "a part of the boundary is written `boundary inlet = plate.left`, `boundary tip = hole where y > 0.2` or `boundary walls = rest`"
            }
            Self::Equation => {
                "an equation is written `eq u_t = u_xx`, with a label `eq heat: u_t = u_xx`"
            }
            Self::Initial => "an initial condition is written `initial u = sin(pi*x)`",
            Self::At => "a condition at a given time is written `at t = 1: u = sin(pi*x)`",
            Self::Condition => "a boundary condition is written `on x = 0, x = 1: u = 0`",
            Self::Periodic => "periodic coordinates are written `periodic x`",
            Self::Exact => "an exact solution is written `exact u = sin(pi*x)`",
            Self::Manufactured => "a manufactured solution is written `manufactured u = sin(pi*x)`",
            Self::Observe => {
                "measured data are written `observe u from \"sensors.csv\" (x, t, u) noise 0.01`"
            }
            Self::Minimize => "an energy is written `minimize integral(u_x^2/2 - u, x)`",
            Self::Constraint => "a constraint is written `constraint integral(u, x) = 1`",
            Self::Reference => {
                "a reference solution is written `reference u from \"ref.npz\" (x, t, u)`"
            }
            Self::Train => "settings are written `train { network = mlp(width = 64, depth = 4) }`",
        }
    }
}
