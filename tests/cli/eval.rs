//! `pdec eval`: what comes out is the trained solution, and what cannot be evaluated is refused.

use super::{HEAT, TINY, Workplace};
use std::f64::consts::PI;

/// A place with a run of a problem in the folder `run`.
fn trained(problem: &str, settings: &[&str]) -> Workplace {
    let place = Workplace::new();
    place.write("problem.pde", problem);
    let mut arguments = vec!["train", "problem.pde", "--quiet", "--out", "run"];
    for setting in TINY.iter().chain(settings) {
        arguments.extend(["--set", setting]);
    }
    let done = place.pdec(&arguments);
    assert_eq!(done.status, 0, "{}", done.stderr);
    place
}

/// The rows of CSV text, without its header.
fn rows(text: &str) -> Vec<Vec<f64>> {
    let lines = text.lines().skip(1);
    lines
        .map(|line| line.split(',').map(|it| it.parse().unwrap()).collect())
        .collect()
}

#[test]
fn a_solution_and_its_derivatives() {
    let place = trained(HEAT, &["train.network=mlp(width = 16, depth = 1)"]);
    let done = place.pdec(&[
        "eval",
        "run",
        "--at",
        "t=0.25",
        "--grid",
        "x=11",
        "--expr",
        "u",
        "--expr",
        "slope = u_x",
        "--expr",
        "u_t - alpha*u_xx",
        "--expr",
        "exp(-alpha*pi^2*t)*sin(pi*x)",
    ]);
    assert_eq!(done.status, 0, "{}", done.stderr);
    assert!(
        done.stdout.starts_with("x,t,u,slope,u_t - alpha*u_xx,exp"),
        "{}",
        done.stdout
    );
    let rows = rows(&done.stdout);
    assert_eq!(rows.len(), 11);
    for row in rows {
        let [x, t, u, slope, residual, exact] = row[..] else {
            panic!("six columns")
        };
        let decay = (-0.05 * PI * PI * t).exp();
        assert!((exact - decay * (PI * x).sin()).abs() < 1e-12);
        // a tiny network, trained for a moment
        assert!((u - exact).abs() < 0.05, "{u} {exact}");
        assert!((slope - PI * decay * (PI * x).cos()).abs() < 0.3, "{slope}");
        assert!(residual.abs() < 0.2, "{residual}");
    }
}

/// Derivatives of the trained network against differences of its values.
#[test]
fn derivatives_are_those_of_the_values() {
    let place = trained(HEAT, &[]);
    let h = 1e-4;
    let points: String = [-2.0, -1.0, 0.0, 1.0, 2.0]
        .map(|k: f64| format!("{},0.2\n", 0.3 + k * h))
        .concat();
    place.write("points.csv", &format!("x,t\n{points}"));
    let done = place.pdec(&[
        "eval",
        "run",
        "--points",
        "points.csv",
        "--expr",
        "u",
        "--expr",
        "u_x",
        "--expr",
        "u_xx",
    ]);
    let rows = rows(&done.stdout);
    let u: Vec<f64> = rows.iter().map(|row| row[2]).collect();
    let first = (u[0] - 8.0 * u[1] + 8.0 * u[3] - u[4]) / (12.0 * h);
    let second = (u[1] - 2.0 * u[2] + u[3]) / (h * h);
    assert!((rows[2][3] - first).abs() < 1e-9, "{} {first}", rows[2][3]);
    assert!(
        (rows[2][4] - second).abs() < 1e-5,
        "{} {second}",
        rows[2][4]
    );
}

#[test]
fn vectors_have_a_column_for_each_component() {
    let problem = "coord x, y in [0, 1]\nfield v(x, y) in R^2\nparam k = 2\neq laplacian(v) = 0\n\
                   on x = 0, x = 1, y = 0, y = 1: v = (x, -k*y)\nlet w = curl(v)\n";
    let place = trained(problem, &[]);
    let done = place.pdec(&[
        "eval",
        "run",
        "--grid",
        "3",
        "--expr",
        "div(v)",
        "--expr",
        "g = grad(w)",
        "--expr",
        "k*v",
    ]);
    assert_eq!(done.status, 0, "{}", done.stderr);
    let header = done.stdout.lines().next().unwrap();
    assert_eq!(header, "x,y,div(v),g.x,g.y,(k*v).x,(k*v).y");
    let fields = place.pdec(&["eval", "run", "--at", "x=0,y=1"]);
    assert!(
        fields.stdout.starts_with("x,y,v.x,v.y\n"),
        "{}",
        fields.stdout
    );
    for (value, exact) in rows(&fields.stdout)[0].iter().zip([0.0, 1.0, 0.0, -2.0]) {
        assert!((value - exact).abs() < 0.1, "{value} {exact}");
    }
}

#[test]
fn the_values_at_the_points_of_a_file_in_every_format() {
    let place = trained(HEAT, &[]);
    let line = place.pdec(&[
        "eval", "run", "--from", "x=0", "--to", "x=1", "--at", "t=0.5", "--count", "5",
    ]);
    assert_eq!(rows(&line.stdout).len(), 5);
    place.write("points.csv", &line.stdout);
    for extension in ["csv", "npz", "json", "vtk"] {
        let out = format!("values.{extension}");
        let done = place.pdec(&["eval", "run", "--points", "points.csv", "--out", &out]);
        assert_eq!(
            (done.status, done.stdout.as_str()),
            (0, ""),
            "{}",
            done.stderr
        );
    }
    assert_eq!(
        std::fs::read_to_string(place.path("values.csv")).unwrap(),
        line.stdout
    );
    // an archive of columns is read as it was written
    let again = place.pdec(&["eval", "run", "--points", "values.npz"]);
    assert_eq!(again.stdout, line.stdout);
}

/// A grid is a reference for another run.
#[test]
fn a_grid_is_a_reference() {
    let place = trained(HEAT, &[]);
    let done = place.pdec(&["eval", "run", "--grid", "x=11,t=6", "--out", "u.npz"]);
    assert_eq!(done.status, 0, "{}", done.stderr);
    let problem = HEAT.replace(
        "exact u = exp(-alpha*pi^2*t)*sin(pi*x)",
        "reference u from \"u.npz\" (x, t, u)",
    );
    place.write("problem.pde", &problem);
    let mut arguments = vec![
        "train",
        "problem.pde",
        "--json",
        "--quiet",
        "--out",
        "again",
    ];
    for setting in TINY {
        arguments.extend(["--set", setting]);
    }
    let done = place.pdec(&arguments);
    let result: serde_json::Value = serde_json::from_str(&done.stdout).unwrap();
    assert_eq!(result["errors"]["u"]["max"], 0.0, "{result}");
}

/// Integrals of what has a closed form, in units that the file declares and that are not those of the SI, and with a kink;
/// their derivatives by what is left; integrals of the solution, against a sum over a fine grid.
#[test]
fn integrals_of_the_solution() {
    let place = trained(
        "coord x [mm] in [0, 100]\ntime t [min] in [0, 2]\nfield T(x, t) [K]\nparam a [mm^2/s] = 20\n\
         eq T_t = a*T_xx\ninitial T = 1[K]*sin(pi*x/100[mm])\non x = 0, x = 100: T = 0\n",
        &["train.network=mlp(width = 16, depth = 1)"],
    );
    let all = [
        "eval",
        "run",
        "--at",
        "x=20",
        "--grid",
        "t=3",
        "--expr",
        "length = integral(1, x)",
        "--expr",
        "kink = integral(abs(x - 33.3[mm]), x)",
        "--expr",
        "decay = integral(exp(-x/50[mm] - t/60[s]), x)",
        "--expr",
        "rate = d(integral(exp(-x/50[mm] - t/60[s]), x)/2, t)",
        "--expr",
        "area = integral(integral(x*t, x), t)",
        "--expr",
        "share = integral(T, x)*T/(integral(T, x) + 1[K*m])",
        "--expr",
        "mass = integral(T, x)",
        "--expr",
        "T",
        "--expr",
        "flux = d(integral(T, x), t)",
        "--expr",
        "inside = integral(T_t, x)",
    ];
    let done = place.pdec(&all);
    assert_eq!(done.status, 0, "{}", done.stderr);
    let rows = rows(&done.stdout);
    assert_eq!(rows.len(), 3);
    let grid = place.pdec(&["eval", "run", "--grid", "x=20001,t=3"]);
    let grid: Vec<Vec<f64>> = self::rows(&grid.stdout);
    for row in rows {
        let [
            _,
            t,
            length,
            kink,
            decay,
            rate,
            area,
            share,
            mass,
            value,
            flux,
            inside,
        ] = row[..]
        else {
            panic!("twelve columns")
        };
        let near = |found: f64, true_value: f64, what: &str| {
            let error = (found - true_value).abs();
            assert!(
                error < 1e-9 * true_value.abs().max(1e-9),
                "{what}: {found} {true_value}"
            );
        };
        near(length, 0.1, "length");
        assert!((kink - (33.3f64.powi(2) + 66.7f64.powi(2)) / 2.0 * 1e-6).abs() < 1e-8);
        let true_decay = 0.05 * (1.0 - (-2f64).exp()) * (-t).exp();
        near(decay, true_decay, "decay");
        near(rate, -true_decay / 120.0, "rate");
        near(area, 0.005 * 7200.0, "area");
        near(share, mass * value / (mass + 1.0), "share");
        near(flux, inside, "flux");
        let line: Vec<f64> = grid
            .iter()
            .filter(|it| it[1] == t)
            .map(|it| it[2])
            .collect();
        let ends = 0.5 * (line[0] + line[line.len() - 1]);
        let sum = (line.iter().sum::<f64>() - ends) * 0.1 / 20000.0;
        assert!(
            (mass - sum).abs() < 1e-8 * mass.abs().max(1e-3),
            "{mass} {sum}"
        );
    }
}

#[test]
fn what_cannot_be_evaluated_is_refused() {
    let place = trained(HEAT, &[]);
    let refused = |arguments: &[&str], status: i32, said: &[&str]| {
        let all = [&["eval", "run"], arguments].concat();
        let done = place.pdec(&all);
        assert_eq!(done.status, status, "{arguments:?}: {}", done.stderr);
        assert_eq!(done.stdout, "");
        for said in said {
            assert!(done.stderr.contains(said), "{arguments:?}: {}", done.stderr);
        }
    };
    refused(&["--expr", "v_x"], 2, &["--expr", "v_x", "not declared"]);
    refused(&["--expr", "u + * 2"], 2, &["--expr:1:5"]);
    refused(&["--expr", ""], 2, &["--expr"]);
    refused(&["--expr", "u\neq u = 0"], 2, &["--expr"]);
    refused(
        &["--expr", "d(integral(u, x)^2, t)"],
        2,
        &["--expr:1:1", "differentiate under the integral"],
    );
    refused(&["--expr", "u_n"], 2, &["--expr"]);
    refused(&["--at", "t=2"], 2, &["outside of [0, 0.5]"]);
    refused(&["--at", "y=0"], 2, &["there is no coordinate `y`"]);
    refused(&["--at", "t"], 2, &["not of the form"]);
    refused(&["--at", "t=0", "--grid", "t=5"], 2, &["one value"]);
    refused(&["--grid", "0"], 2, &["not a number of points"]);
    refused(&["--grid", "x=99999999,t=99999999"], 2, &["more than"]);
    refused(&["--from", "x=0", "--to", "x=1"], 2, &["no value for `t`"]);
    refused(&["--out", "values.xls"], 2, &["does not say which format"]);
    refused(&["--points", "missing.csv"], 2, &["cannot be read"]);
    place.write("outside.csv", "x,t\n0,0\n1.5,0\n");
    refused(
        &["--points", "outside.csv"],
        2,
        &["point 2 (line 3)", "1.5, outside of"],
    );
    place.write("ragged.csv", "x,t\n0\n");
    refused(&["--points", "ragged.csv"], 2, &["line 2"]);
}

#[test]
fn a_damaged_run_is_refused() {
    let place = trained(HEAT, &[]);
    let status = |said: &str| {
        let done = place.pdec(&["eval", "run"]);
        assert_eq!(
            (done.status, done.stdout.as_str()),
            (2, ""),
            "{}",
            done.stderr
        );
        assert!(done.stderr.contains(said), "{}", done.stderr);
    };
    let model = place.path("run/model.safetensors");
    let bytes = std::fs::read(&model).unwrap();
    std::fs::write(&model, &bytes[..bytes.len() / 2]).unwrap();
    status("model.safetensors");
    std::fs::write(&model, &bytes).unwrap();
    let settings = std::fs::read_to_string(place.path("run/settings.toml")).unwrap();
    place.write(
        "run/settings.toml",
        &settings.replace("width = 8", "width = 9"),
    );
    status("settings.toml");
    let done = place.pdec(&["eval", "elsewhere"]);
    assert_eq!(done.status, 2);
    assert!(done.stderr.contains("is no folder"), "{}", done.stderr);
}

#[test]
fn residuals_are_told_in_the_units_of_their_statements() {
    let problem = "problem \"rod\"
coord x [mm] in [0, 100]
time t [min] in [0, 2]
field T(x, t) [mK]
param a [mm^2/s] = 20
eq cond: T_t = a*T_xx
initial T = 200[mK]*sin(pi*x/100[mm])
on x = 0, x = 100: T = 0
";
    let place = trained(
        problem,
        &["train.windows=2", "train.optimizer=adam(steps = 20)"],
    );
    let text = std::fs::read_to_string(place.path("run/result.json")).unwrap();
    let result: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(result["residual_units"]["cond"], "K/s");
    assert_eq!(result["residual_units"]["T at t = 0"], "mK");
    let told = result["residuals"]["cond"]["fresh"].as_f64().unwrap();
    let done = place.pdec(&["eval", "run", "--grid", "81", "--expr", "T_t - a*T_xx"]);
    assert_eq!(done.status, 0, "{}", done.stderr);
    let rows = rows(&done.stdout);
    let squares: f64 = rows.iter().map(|row| row[2] * row[2]).sum();
    let measured = (squares / rows.len() as f64).sqrt();
    // random points against a grid
    assert!(
        told / measured > 0.5 && told / measured < 2.0,
        "{told} where a grid has {measured}"
    );
}

#[test]
fn of_solutions_up_to_a_constant_the_one_with_mean_zero_is_given() {
    let problem = "coord x in [0, 1]
field u(x)
eq u_xx = cos(pi*x)
on x = 0, x = 1: u_x = 0
";
    let place = trained(problem, &["train.optimizer=adam(steps = 20)"]);
    let text = std::fs::read_to_string(place.path("run/result.json")).unwrap();
    assert!(
        text.contains("`u` is determined up to a constant: this is the one whose mean is zero")
    );
    let done = place.pdec(&["eval", "run", "--grid", "401"]);
    let rows = rows(&done.stdout);
    let mean = rows.iter().map(|row| row[1]).sum::<f64>() / rows.len() as f64;
    let largest = rows
        .iter()
        .fold(0.0, |most: f64, row| most.max(row[1].abs()));
    // of other points
    assert!(mean.abs() < 0.01 * largest, "{mean} of {largest}");
}
