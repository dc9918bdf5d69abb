//! The table of units, and how a symbol is looked up in it.
//!
//! A symbol is first looked up as a whole and only then cut into prefix and unit, so `min` is the minute, `cd` the
//! candela, `Pa` the pascal, `ft` the foot, and no reading is a surprise: what can be meant as a whole is.

use super::dimension::Dimension;
use crate::syntax::suggest::nearest;

/// A unit of the table: `mantissa · 10^exponent` coherent SI units.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Entry {
    pub(super) mantissa: f64,
    pub(super) exponent: i32,
    pub(super) dimension: Dimension,
}

/// Symbol, mantissa, decimal exponent, powers of kg, m, s, A, K, mol, cd, and whether prefixes go with it.
type Row = (&'static str, f64, i32, [i32; 7], bool);

const NUMBER: [i32; 7] = [0, 0, 0, 0, 0, 0, 0];
const LENGTH: [i32; 7] = [0, 1, 0, 0, 0, 0, 0];
const TIME: [i32; 7] = [0, 0, 1, 0, 0, 0, 0];
const MASS: [i32; 7] = [1, 0, 0, 0, 0, 0, 0];
const PRESSURE: [i32; 7] = [1, -1, -2, 0, 0, 0, 0];
const ENERGY: [i32; 7] = [1, 2, -2, 0, 0, 0, 0];
const VOLUME: [i32; 7] = [0, 3, 0, 0, 0, 0, 0];
const OHM: [i32; 7] = [1, 2, -3, -2, 0, 0, 0];

const UNITS: [Row; 55] = [
    ("m", 1.0, 0, LENGTH, true),
    ("g", 1.0, -3, MASS, true),
    ("s", 1.0, 0, TIME, true),
    ("A", 1.0, 0, [0, 0, 0, 1, 0, 0, 0], true),
    ("K", 1.0, 0, [0, 0, 0, 0, 1, 0, 0], true),
    ("mol", 1.0, 0, [0, 0, 0, 0, 0, 1, 0], true),
    ("cd", 1.0, 0, [0, 0, 0, 0, 0, 0, 1], true),
    ("N", 1.0, 0, [1, 1, -2, 0, 0, 0, 0], true),
    ("Pa", 1.0, 0, PRESSURE, true),
    ("J", 1.0, 0, ENERGY, true),
    ("W", 1.0, 0, [1, 2, -3, 0, 0, 0, 0], true),
    ("Hz", 1.0, 0, [0, 0, -1, 0, 0, 0, 0], true),
    ("C", 1.0, 0, [0, 0, 1, 1, 0, 0, 0], true),
    ("V", 1.0, 0, [1, 2, -3, -1, 0, 0, 0], true),
    ("F", 1.0, 0, [-1, -2, 4, 2, 0, 0, 0], true),
    ("ohm", 1.0, 0, OHM, true),
    ("Ω", 1.0, 0, OHM, true),
    // the ohm sign, another character than the Greek letter
    ("\u{2126}", 1.0, 0, OHM, true),
    ("S", 1.0, 0, [-1, -2, 3, 2, 0, 0, 0], true),
    ("Wb", 1.0, 0, [1, 2, -2, -1, 0, 0, 0], true),
    ("T", 1.0, 0, [1, 0, -2, -1, 0, 0, 0], true),
    ("H", 1.0, 0, [1, 2, -2, -2, 0, 0, 0], true),
    ("lm", 1.0, 0, [0, 0, 0, 0, 0, 0, 1], true),
    ("lx", 1.0, 0, [0, -2, 0, 0, 0, 0, 1], true),
    ("Bq", 1.0, 0, [0, 0, -1, 0, 0, 0, 0], true),
    ("Gy", 1.0, 0, [0, 2, -2, 0, 0, 0, 0], true),
    ("Sv", 1.0, 0, [0, 2, -2, 0, 0, 0, 0], true),
    ("kat", 1.0, 0, [0, 0, -1, 0, 0, 1, 0], true),
    ("rad", 1.0, 0, NUMBER, true),
    ("sr", 1.0, 0, NUMBER, false),
    ("deg", std::f64::consts::PI / 180.0, 0, NUMBER, false),
    ("°", std::f64::consts::PI / 180.0, 0, NUMBER, false),
    ("%", 1.0, -2, NUMBER, false),
    ("‰", 1.0, -3, NUMBER, false),
    ("Å", 1.0, -10, LENGTH, false),
    ("L", 1.0, -3, VOLUME, true),
    ("l", 1.0, -3, VOLUME, true),
    ("t", 1.0, 3, MASS, false),
    ("min", 60.0, 0, TIME, false),
    ("h", 3600.0, 0, TIME, false),
    ("d", 86400.0, 0, TIME, false),
    ("day", 86400.0, 0, TIME, false),
    ("yr", 31_557_600.0, 0, TIME, false),
    ("year", 31_557_600.0, 0, TIME, false),
    ("bar", 1.0, 5, PRESSURE, true),
    ("atm", 101_325.0, 0, PRESSURE, false),
    ("psi", 6_894.757_293_168_361, 0, PRESSURE, false),
    ("eV", 1.602_176_634, -19, ENERGY, true),
    ("cal", 4.184, 0, ENERGY, true),
    ("in", 0.0254, 0, LENGTH, false),
    ("ft", 0.3048, 0, LENGTH, false),
    ("mi", 1609.344, 0, LENGTH, false),
    ("au", 149_597_870_700.0, 0, LENGTH, false),
    ("lb", 0.453_592_37, 0, MASS, false),
    ("ha", 1.0, 4, [0, 2, 0, 0, 0, 0, 0], false),
];

const PREFIXES: [(&str, i32); 23] = [
    ("Y", 24),
    ("Z", 21),
    ("E", 18),
    ("P", 15),
    ("T", 12),
    ("G", 9),
    ("M", 6),
    ("k", 3),
    ("h", 2),
    ("da", 1),
    ("d", -1),
    ("c", -2),
    ("m", -3),
    ("u", -6),
    // the micro sign and the Greek letter
    ("\u{b5}", -6),
    ("\u{3bc}", -6),
    ("n", -9),
    ("p", -12),
    ("f", -15),
    ("a", -18),
    ("z", -21),
    ("y", -24),
    ("", 0),
];

/// Units of other systems, how they are said in those of the table, and the factor to them.
const OTHERS: [(&str, &str, &str); 28] = [
    (
        "rpm",
        "1/min",
        "1 rpm = 1/min, as an angular frequency 2*pi/min",
    ),
    ("torr", "Pa", "1 Torr = 133.322 Pa"),
    ("mmhg", "Pa", "1 mmHg = 133.322 Pa"),
    ("micron", "um", "1 µ = 1 µm"),
    ("µ", "um", "1 µ = 1 µm"),
    ("μ", "um", "1 µ = 1 µm"),
    ("dyn", "N", "1 dyn = 1e-5 N"),
    ("dyne", "N", "1 dyn = 1e-5 N"),
    ("erg", "J", "1 erg = 1e-7 J"),
    ("gauss", "T", "1 G = 1e-4 T"),
    ("oe", "A/m", "1 Oe = 1000/(4*pi) A/m"),
    ("poise", "Pa*s", "1 P = 0.1 Pa*s"),
    ("cp", "mPa*s", "1 cP = 1 mPa*s"),
    ("stokes", "m^2/s", "1 St = 1e-4 m^2/s"),
    ("cst", "mm^2/s", "1 cSt = 1 mm^2/s"),
    ("hp", "W", "1 hp = 745.7 W"),
    ("btu", "J", "1 Btu = 1055.06 J"),
    ("lbf", "N", "1 lbf = 4.44822 N"),
    ("kgf", "N", "1 kgf = 9.80665 N"),
    ("inch", "in", "1 inch is `in`"),
    ("yd", "m", "1 yd = 0.9144 m"),
    ("mph", "mi/h", "1 mph = 1 mi/h"),
    ("knot", "m/s", "1 kn = 0.514444 m/s"),
    ("kn", "m/s", "1 kn = 0.514444 m/s"),
    ("debye", "C*m", "1 D = 3.33564e-30 C*m"),
    ("barn", "m^2", "1 b = 1e-28 m^2"),
    ("hartree", "J", "1 Eh = 4.35974e-18 J"),
    ("ppm", "1", "1 ppm = 1e-6"),
];

/// What a unit of another system is in those of the table: a unit, and the factor in words.
pub(super) fn other(symbol: &str) -> Option<(&'static str, &'static str)> {
    let lower = symbol.to_lowercase();
    OTHERS
        .iter()
        .find(|(name, ..)| *name == lower)
        .map(|(_, unit, words)| (*unit, *words))
}

/// What people write for a unit, with its symbol.
const SPELLED: [(&str, &str); 32] = [
    ("meter", "m"),
    ("metre", "m"),
    ("millimeter", "mm"),
    ("centimeter", "cm"),
    ("kilometer", "km"),
    ("micron", "um"),
    ("gram", "g"),
    ("kilogram", "kg"),
    ("second", "s"),
    ("sec", "s"),
    ("minute", "min"),
    ("hour", "h"),
    ("hr", "h"),
    ("ampere", "A"),
    ("amp", "A"),
    ("kelvin", "K"),
    ("mole", "mol"),
    ("candela", "cd"),
    ("newton", "N"),
    ("pascal", "Pa"),
    ("joule", "J"),
    ("watt", "W"),
    ("hertz", "Hz"),
    ("coulomb", "C"),
    ("volt", "V"),
    ("farad", "F"),
    ("siemens", "S"),
    ("weber", "Wb"),
    ("tesla", "T"),
    ("henry", "H"),
    ("radian", "rad"),
    ("liter", "L"),
];

/// The unit of a symbol.
pub(super) fn lookup(symbol: &str) -> Option<Entry> {
    let entry = |row: &Row, shift: i32| Entry {
        mantissa: row.1,
        exponent: row.2 + shift,
        dimension: Dimension::new(row.3),
    };
    if let Some(row) = UNITS.iter().find(|row| row.0 == symbol) {
        return Some(entry(row, 0));
    }
    PREFIXES.iter().find_map(|(prefix, shift)| {
        let unit = symbol.strip_prefix(prefix)?;
        let row = UNITS.iter().find(|row| row.4 && row.0 == unit)?;
        Some(entry(row, *shift))
    })
}

/// The named units that a text has between square brackets, prefixes left out.
pub(super) fn named_in(text: &str) -> Vec<&'static str> {
    const NAMES: [&str; 12] = [
        "N", "Pa", "J", "W", "V", "C", "T", "H", "F", "ohm", "S", "Wb",
    ];
    let mut found = Vec::new();
    let brackets = text.split('[').skip(1);
    for inside in brackets.filter_map(|rest| rest.split(']').next()) {
        for symbol in inside.split(|c: char| !c.is_alphabetic()) {
            let known = NAMES.iter().find(|name| {
                let prefix = symbol.strip_suffix(**name);
                prefix.is_some_and(|prefix| PREFIXES.iter().any(|(it, _)| *it == prefix))
            });
            if let Some(name) = known
                && !found.contains(name)
            {
                found.push(*name);
            }
        }
    }
    found
}

/// Whether this is meant as a temperature with a zero of its own.
pub(super) fn is_relative_temperature(symbol: &str) -> bool {
    let plain = symbol.to_lowercase();
    [
        "°c",
        "degc",
        "celsius",
        "°f",
        "degf",
        "fahrenheit",
        "℃",
        "℉",
        "centigrade",
    ]
    .contains(&plain.as_str())
}

/// The symbol that was probably meant.
pub(super) fn meant(symbol: &str) -> Option<String> {
    let lower = symbol.to_lowercase();
    let singular = lower.strip_suffix('s').unwrap_or(&lower);
    let spelled = SPELLED
        .iter()
        .find(|(word, _)| *word == lower || *word == singular);
    if let Some((_, unit)) = spelled {
        return Some((*unit).to_owned());
    }
    let whole = || UNITS.iter().map(|row| row.0.to_owned());
    let prefixed = || {
        PREFIXES.iter().flat_map(|(prefix, _)| {
            UNITS
                .iter()
                .filter(|row| row.4)
                .map(move |row| format!("{prefix}{}", row.0))
        })
    };
    // `Kg`, `pa`, `hz`: prefixes that nobody uses must not win over them.
    let common = ["kg", "km", "kPa", "MPa", "GPa", "kHz", "kW", "kJ", "mm"];
    let same_letters = common
        .iter()
        .map(|unit| (*unit).to_owned())
        .chain(whole())
        .chain(prefixed())
        .find(|candidate| candidate.to_lowercase() == lower);
    if same_letters.is_some() {
        return same_letters;
    }
    let all: Vec<String> = whole().chain(prefixed()).collect();
    nearest(symbol, all.iter().map(String::as_str))
        .or_else(|| nearest(symbol, SPELLED.iter().map(|(word, _)| *word)))
        .map(|near| {
            SPELLED
                .iter()
                .find(|(word, _)| *word == near)
                .map_or(near, |(_, unit)| *unit)
                .to_owned()
        })
}
