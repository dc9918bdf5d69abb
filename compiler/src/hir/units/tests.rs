//! Tables, inference, messages and erasure.

use super::{Dimension, Rational, read};
use crate::diagnostic::Diagnostic;
use crate::hir::{Overrides, Problem, expression, print, resolve};
use crate::source::Source;
use crate::syntax::{self, DeclarationKind, parse};

/// A unit as the parser reads it.
fn written(text: &str) -> syntax::Unit {
    let source = Source::new("test.pde", format!("field u(x) [{text}]"));
    let document = parse(&source).unwrap();
    let DeclarationKind::Field { unit, .. } = &document.declarations[0].kind else {
        panic!("a field")
    };
    unit.clone().unwrap()
}

fn unit(text: &str) -> crate::hir::Unit {
    read(&written(text)).unwrap()
}

fn resolved(text: &str) -> Result<Problem, Vec<Diagnostic>> {
    let source = Source::new("test.pde", text);
    let document = parse(&source).unwrap();
    let (problem, _) = resolve(&source, &document, &Overrides::new())?;
    Ok(problem)
}

fn errors(text: &str) -> Vec<Diagnostic> {
    resolved(text).map_or_else(|errors| errors, |_| Vec::new())
}

fn messages(text: &str) -> Vec<String> {
    errors(text)
        .into_iter()
        .map(|error| error.message)
        .collect()
}

#[test]
fn the_table_knows_what_a_physicist_writes() {
    for (text, factor, base) in [
        ("mm", 1e-3, "m"),
        ("mm^2", 1e-6, "m^2"),
        ("um", 1e-6, "m"),
        ("µm", 1e-6, "m"),
        ("kg", 1.0, "kg"),
        ("g/cm^3", 1e3, "kg/m^3"),
        ("min", 60.0, "s"),
        ("cd", 1.0, "cd"),
        ("ms", 1e-3, "s"),
        ("kW/(m*K)", 1e3, "kg*m/(s^3*K)"),
        ("GPa", 1e9, "kg/(m*s^2)"),
        ("mbar", 100.0, "kg/(m*s^2)"),
        ("km/h", 1000.0 / 3600.0, "m/s"),
        ("%", 0.01, "1"),
        ("keV", 1.602_176_634e-16, "kg*m^2/s^2"),
        ("1", 1.0, "1"),
    ] {
        let unit = unit(text);
        assert!(
            (unit.factor / factor - 1.0).abs() < 1e-15,
            "{text}: {}",
            unit.factor
        );
        assert_eq!(unit.dimension.in_base_units(), base, "{text}");
    }
}

#[test]
fn what_is_no_unit_is_refused_with_what_was_meant() {
    let help = |text: &str| {
        let error = read(&written(text)).unwrap_err();
        assert_eq!(error.name, "unknown-unit");
        error.edit.map(|edit| edit.replacement)
    };
    for (text, meant) in [
        ("Kg", "kg"),
        ("pa", "Pa"),
        ("hz", "Hz"),
        ("meter", "m"),
        ("seconds", "s"),
        ("Kelvin", "K"),
        ("degC", "K"),
        ("°C", "K"),
        ("k", "K"),
    ] {
        assert_eq!(help(text).as_deref(), Some(meant), "{text}");
    }
    assert_eq!(help("furlong"), None);
}

#[test]
fn dimensions_are_named_as_one_would_say_them() {
    for text in [
        "W/(m*K)", "m^2/s", "K/s", "Pa*s", "N/m", "V/m", "J*s", "kg/m^3", "m/s^2", "H/m", "W/m^2",
        "A*s", "1/s",
    ] {
        let named = unit(text).dimension.in_named_units(&[]);
        assert_eq!(named.replace("A*s", "C"), text.replace("A*s", "C"));
    }
    let heat = unit("W/m^3").dimension;
    assert_eq!(heat.in_named_units(&["W"]), "W/m^3");
    let half = Dimension::NUMBER.times(&unit("m").dimension.power(Rational::new(1, 2)));
    assert_eq!(half.in_base_units(), "m^(1/2)");
}

const ROD: &str = "coord x [mm] in [0, 100]
time t [s] in [0, 200]
field T(x, t) [K]
param alpha [m^2/s] = 1.2e-5
eq heat: T_t = alpha*T_xx
initial T = 300[K] + 100[K]*sin(pi*x/100[mm])
on x = 0, x = 100: T = 300[K]
";

#[test]
fn a_correct_file_has_nothing_to_report() {
    assert_eq!(messages(ROD), [""; 0]);
}

#[test]
fn zero_has_every_dimension_and_other_numbers_none() {
    let zero = ROD.replace("T = 300[K]\n", "T = 0\n");
    assert_eq!(messages(&zero), [""; 0]);
    let plain = ROD.replace("T = 300[K]\n", "T = 300\n");
    assert_eq!(
        messages(&plain),
        ["`300` is a plain number, but `T` is in K"]
    );
}

#[test]
fn a_parameter_in_the_wrong_unit() {
    let errors = errors(&ROD.replace("[m^2/s]", "[m/s]"));
    assert_eq!(errors.len(), 1);
    assert_eq!(
        errors[0].message,
        "`alpha*T_xx` is in K/(m*s), but `T_t` is in K/s"
    );
    assert_eq!(errors[0].edit.as_ref().unwrap().replacement, "[m^2/s]");
    let help = errors[0].help.as_deref().unwrap();
    assert!(help.contains("`alpha` would have to be in m^2/s"), "{help}");
}

#[test]
fn the_argument_of_a_function_is_a_number() {
    let found = messages(&ROD.replace("x/100[mm]", "x"));
    assert_eq!(
        found,
        ["the argument of `sin` must be a plain number, but `pi*x` is in mm"]
    );
}

#[test]
fn what_is_not_declared_is_inferred() {
    let text = "coord x [m] in [0, 1]
time t [s] in [0, 2]
field u(x, t) [m]
param c = 3
param k = 2
param b = 1
let w = b*u
eq u_tt = c^2*u_xx - k*u - w_t/2[s]
initial u = 1[m]*sin(x/1[m])
initial u_t = 0
on x = 0, x = 1: u = 0";
    let problem = resolved(text).unwrap();
    let units: Vec<Option<&str>> = problem
        .parameters
        .iter()
        .map(|(_, parameter)| parameter.unit.as_ref().map(|unit| unit.text.as_str()))
        .collect();
    assert_eq!(units, [Some("m/s"), Some("1/s^2"), None]);
}

#[test]
fn a_name_used_in_two_ways_is_reported_with_where_it_got_its_dimension() {
    let text = "coord x [m] in [0, 1]
field u(x) [m]
param k = 3
eq u_xx = -k*u
on x = 0: u = 0
on x = 1: u_x = k*u";
    let errors = errors(text);
    assert_eq!(errors.len(), 1);
    assert!(
        errors[0]
            .secondary
            .iter()
            .any(|label| label.message.contains("`k` is in 1/m^2"))
    );
}

#[test]
fn a_name_used_in_two_ways_within_one_sum_is_reported() {
    let text = |equation: &str| {
        format!(
            "coord x [m] in [0, 1]\ntime t [s] in [0, 1]\nfield u(x, t) [K]\nparam D = 2\nparam k = 3\n\
             eq {equation}\ninitial u = 0\non x = 0, x = 1: u = 0"
        )
    };
    for equation in [
        "u_t = D*u_xx + D*u",
        "u_t - D*u = D*u_xx",
        "u_t = D*u_xx + 3*D*u",
        "u_t = D*u_xx + D*k*u_x + k*u",
    ] {
        let errors = errors(&text(equation));
        assert_eq!(errors.len(), 1, "{equation}");
        assert_eq!(errors[0].name, "unit-mismatch");
    }
    assert_eq!(messages(&text("u_t = D*u_xx + k*u")), [""; 0]);
    assert_eq!(messages(&text("u_t = D*u_xx + D*k*u")), [""; 0]);
}

#[test]
fn a_quantity_of_value_one_keeps_its_unit_in_a_condition() {
    let text = |value: &str, condition: &str| {
        format!(
            "coord x [m] in [0, 10]\nfield T(x) [K]\nparam h [W/(m^2*K)] = {value}\n\
             param k [W/(m*K)] = {value}\neq k*T_xx = 0\non x = 0: T = 300[K]\n\
             on x = 10: {condition}"
        )
    };
    for value in ["0", "1", "2"] {
        let unit = |condition: &str| messages(&text(value, condition)).len();
        assert_eq!(unit("-k*T_n = h*(T - 300[K])"), 0, "{value}");
        assert_eq!(unit(&format!("{value}[m]*T_n + T = 300[K]")), 0, "{value}");
        assert_eq!(unit("h*T + k*T_n = 0"), 0, "{value}");
        assert_eq!(unit("T = h*300[K]"), 1, "{value}");
        assert_eq!(unit(&format!("T + {value}[m]*T = 300[K]")), 1, "{value}");
    }
}

#[test]
fn a_unit_that_would_mend_nothing_is_not_offered() {
    let text = |equation: &str| {
        format!(
            "coord x [m] in [0, 1]\nfield u(x) [K]\nparam L [m] = 2\nparam c [1/s] = 1\n\
             eq {equation}\non x = 0: u = 0"
        )
    };
    // Wherever an edit is offered, the text after it has nothing to report.
    for equation in [
        "L*u_x + L*u = 0",
        "L*u_x + L^2*u = 0",
        "L*u_x + (L + x)*u = 0",
        "c*u_x + c*u = 0",
        "L*L*u_x + L^(1/2)*L*u = 0",
    ] {
        let text = text(equation);
        for error in errors(&text) {
            let Some(edit) = error.edit else { continue };
            let mut mended = text.clone();
            mended.replace_range(edit.span.range(), &edit.replacement);
            assert_eq!(messages(&mended), [""; 0], "{mended}");
        }
        let all = errors(&text);
        assert_eq!(all.len(), 1, "{equation}");
        let help = all[0].help.as_deref().unwrap_or_default();
        assert!(
            !help.contains("`L` would have to be in"),
            "{equation}: {help}"
        );
    }
}

#[test]
fn powers_and_roots() {
    let text = |equation: &str| {
        format!(
            "coord x [m] in [0, 1]\nfield T(x) [K]\nparam s [W/(m^2*K^4)] = 5e-8\nparam k [W/(m*K)] = 40\nparam n = 2\neq {equation}\non x = 0, x = 1: T = 0"
        )
    };
    assert_eq!(messages(&text("k*T_xx = s*T^4/1[m]")), [""; 0]);
    assert_eq!(messages(&text("k*T_xx = s*sqrt(T^8)/1[m]")), [""; 0]);
    assert_eq!(messages(&text("k*T_xx = s*T^(8/2)/1[m]")), [""; 0]);
    let errors = errors(&text("k*T_xx = s*T^3/1[m]"));
    assert_eq!(errors[0].edit.as_ref().unwrap().replacement, "4");
    assert_eq!(
        messages(&text("k*T_xx = T^n")),
        ["what is raised to a power that varies must be a plain number, but `T` is in K"]
    );
}

#[test]
fn erasing_keeps_bare_what_conditions_are_recognised_by() {
    let problem = resolved(&ROD.replace("T(x, t) [K]", "T(x, t) [kK]")).unwrap();
    let equation = &problem.equations[0];
    assert_eq!(expression(&problem, equation.left), "1000*T_t");
    assert_eq!(
        expression(&problem, equation.right),
        "alpha*(1000000000*T_xx)"
    );
    let (initial, boundary) = (&problem.conditions[0], &problem.conditions[1]);
    assert_eq!(expression(&problem, boundary.left), "T");
    assert_eq!(expression(&problem, boundary.right), "0.3");
    assert_eq!(expression(&problem, initial.left), "T");
    assert_eq!(
        expression(&problem, initial.right),
        "(300 + 100*sin(pi*(x/1000)/0.1))/1000"
    );
    let once = print(&problem);
    assert!(once.contains("x in [0, 100]"), "{once}");
}

#[test]
fn two_thousand_equations_take_no_time() {
    let mut text = "coord x [m] in [0, 1]\n".to_owned();
    for k in 0..2000 {
        let next = (k + 1) % 2000;
        text += &format!(
            "field u{k}(x)\nparam a{k} = 1\neq u{k}_xx = a{k}*u{next} + u{k}/1[m^2]\non x = 0, x = 1: u{k} = 0\n"
        );
    }
    let start = std::time::Instant::now();
    assert_eq!(errors(&text), []);
    let source = Source::new("test.pde", text);
    let all = start.elapsed();
    let document = parse(&source).unwrap();
    let start = std::time::Instant::now();
    assert!(resolve(&source, &document, &Overrides::new()).is_ok());
    assert!(
        // A fifth of a second on a quiet machine.
        start.elapsed().as_secs_f64() < 5.0,
        "{:?} of {all:?}",
        start.elapsed()
    );
}

#[test]
fn numbers_of_declarations_are_in_their_units() {
    let problem = resolved(
        "let L = 2[cm]
param width = 1[cm]
param half [mm] = width/2
coord x [mm] in [0, L]
coord y [um], z [cm] in [0, width]
time t [min] in [0, 2*60[s]]
field u(x, y, z, t) [kV]
eq u_t = 1[m^2/s]*laplacian(u)*half/width
initial u = 10[V]*x/half
on x = 0: u = 0
on x = L: u_x = 1[kV/mm]
on y = 0, y = width, z = 0[m], z = 10[mm]: u_n = 0",
    )
    .unwrap();
    let ends: Vec<f64> = problem.coordinates.iter().map(|(_, it)| it.high).collect();
    assert_eq!(ends, [20.0, 10_000.0, 1.0, 2.0]);
    let values: Vec<f64> = problem.parameters.iter().map(|(_, it)| it.value).collect();
    assert_eq!(values, [0.01, 5.0]);
    let slope = problem
        .conditions
        .iter()
        .find(|it| it.label == "u_x at x = L")
        .unwrap();
    assert_eq!(expression(&problem, slope.left), "u_x");
    assert_eq!(expression(&problem, slope.right), "1");
    let unit = |text: &str, name: &str| {
        let errors = errors(&format!(
            "{text}\nfield u(x) [m]\neq u_xx = 0\non x = 0: u = 0\non x = 1: u = 0"
        ));
        assert!(errors.iter().any(|it| it.name == name), "{errors:?}");
    };
    unit("coord x [mm] in [0, 1[s]]", "unit-mismatch");
    unit("let T = 3\ncoord x [mm] in [0, T]", "unit-mismatch");
}

#[test]
fn what_is_left_has_the_unit_of_its_statement() {
    let problem = resolved(
        "coord x [mm] in [0, 100]
time t [min] in [0, 2]
field T(x, t) [mK]
param a [mm^2/s] = 20
eq cond: T_t = a*T_xx
initial T = 20[mK]*sin(pi*x/100[mm])
on x = 0: T = 0
on x = 100: T_x = 0",
    )
    .unwrap();
    let units: Vec<(&str, &str)> = problem
        .residual_units
        .iter()
        .map(|(label, unit)| (label.as_str(), unit.as_str()))
        .collect();
    let expected = [
        ("T at t = 0", "mK"),
        ("T at x = 0", "mK"),
        ("T_x at x = 100", "mK/mm"),
        ("cond", "K/s"),
    ];
    assert_eq!(units, expected);
    assert_eq!(problem.label_with_unit("cond"), "cond [K/s]");
    let plain = resolved("coord x in [0, 1]\nfield u(x)\neq u_x = u\non x = 0: u = 1").unwrap();
    assert!(plain.residual_units.is_empty());
}
