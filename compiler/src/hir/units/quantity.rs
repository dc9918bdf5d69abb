//! What quantities of physics are called, for helps: a reader looks for "a density", not for m^3/kg.

use super::Dimension;

/// Names, and powers of kg, m, s, A, K, mol, cd. One name each: the commonest.
const QUANTITIES: [(&str, [i32; 7]); 40] = [
    ("a length", [0, 1, 0, 0, 0, 0, 0]),
    ("a time", [0, 0, 1, 0, 0, 0, 0]),
    ("a mass", [1, 0, 0, 0, 0, 0, 0]),
    ("a current", [0, 0, 0, 1, 0, 0, 0]),
    ("a temperature", [0, 0, 0, 0, 1, 0, 0]),
    ("an area", [0, 2, 0, 0, 0, 0, 0]),
    ("a volume", [0, 3, 0, 0, 0, 0, 0]),
    ("a wavenumber", [0, -1, 0, 0, 0, 0, 0]),
    ("a rate", [0, 0, -1, 0, 0, 0, 0]),
    ("a velocity", [0, 1, -1, 0, 0, 0, 0]),
    ("an acceleration", [0, 1, -2, 0, 0, 0, 0]),
    ("a density", [1, -3, 0, 0, 0, 0, 0]),
    ("a mass per length", [1, -1, 0, 0, 0, 0, 0]),
    ("a mass per area", [1, -2, 0, 0, 0, 0, 0]),
    (
        "a diffusivity or kinematic viscosity",
        [0, 2, -1, 0, 0, 0, 0],
    ),
    ("a dynamic viscosity", [1, -1, -1, 0, 0, 0, 0]),
    ("a pressure or modulus", [1, -1, -2, 0, 0, 0, 0]),
    ("a force", [1, 1, -2, 0, 0, 0, 0]),
    ("an energy", [1, 2, -2, 0, 0, 0, 0]),
    ("a power", [1, 2, -3, 0, 0, 0, 0]),
    ("an action", [1, 2, -1, 0, 0, 0, 0]),
    ("a stiffness or surface tension", [1, 0, -2, 0, 0, 0, 0]),
    ("a thermal conductivity", [1, 1, -3, 0, -1, 0, 0]),
    ("a heat transfer coefficient", [1, 0, -3, 0, -1, 0, 0]),
    ("a specific heat", [0, 2, -2, 0, -1, 0, 0]),
    ("a heat capacity per volume", [1, -1, -2, 0, -1, 0, 0]),
    ("an entropy", [1, 2, -2, 0, -1, 0, 0]),
    ("an expansion coefficient", [0, 0, 0, 0, -1, 0, 0]),
    ("a concentration", [0, -3, 0, 0, 0, 1, 0]),
    ("a molar mass", [1, 0, 0, 0, 0, -1, 0]),
    ("a charge", [0, 0, 1, 1, 0, 0, 0]),
    ("a charge per volume", [0, -3, 1, 1, 0, 0, 0]),
    ("a charge per amount", [0, 0, 1, 1, 0, -1, 0]),
    ("a voltage", [1, 2, -3, -1, 0, 0, 0]),
    ("a resistance", [1, 2, -3, -2, 0, 0, 0]),
    ("an electrical conductivity", [-1, -3, 3, 2, 0, 0, 0]),
    ("a capacitance", [-1, -2, 4, 2, 0, 0, 0]),
    ("an inductance", [1, 2, -2, -2, 0, 0, 0]),
    ("a permittivity", [-1, -3, 4, 2, 0, 0, 0]),
    ("a permeability", [1, 1, -2, -2, 0, 0, 0]),
];

/// What a dimension is called, with its article, where it has a name.
pub(super) fn name(dimension: &Dimension) -> Option<&'static str> {
    QUANTITIES
        .iter()
        .find(|(_, powers)| Dimension::new(*powers) == *dimension)
        .map(|(name, _)| *name)
}

/// Whether something in physics has this dimension: masses are not squared, lengths not raised to the seventh power.
pub(super) fn is_plausible(dimension: &Dimension) -> bool {
    let within = |base: usize, most: i32| {
        let power = dimension.exponent(base).value().abs();
        power <= f64::from(most)
    };
    within(0, 1) && within(1, 4) && within(2, 4) && within(3, 2) && within(4, 4) && within(5, 2)
}
