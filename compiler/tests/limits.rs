//! Problems at the limits of what anyone would write: high orders, many coordinates, many fields, long chains and
//! products, numbers that overflow. None makes the compiler panic, and none makes its kernels swell.
#![allow(clippy::unwrap_used)] // a test may fail

use pdec_compiler::backend::cuda;
use pdec_compiler::program::{Compiled, build};
use pdec_compiler::source::Source;
use pdec_compiler::{front, kernel};

/// Compiles, checks every kernel and returns the length of the longest.
fn longest_kernel(text: &str) -> (Compiled, usize) {
    let front = front::read(&Source::new("limit.pde", text), &[]).unwrap();
    let compiled = build(&front.problem, &front.settings);
    let kernels = &compiled.program.kernels;
    for kernel in kernels {
        assert_eq!(kernel::verify(kernel), Ok(()));
    }
    let unit = cuda::unit(kernels, cuda::Precision::Double);
    assert_eq!(unit.functions.len(), kernels.len());
    let longest = kernels.iter().map(|kernel| kernel.instructions.len()).max();
    (compiled, longest.unwrap_or(0))
}

/// A problem in x on [0, 1] with this equation.
fn in_one_dimension(equation: &str) -> String {
    format!("coord x in [0, 1]\nfield u(x)\neq {equation}\non x = 0, x = 1: u = 0\n")
}

fn repeated(count: usize, separator: &str, item: impl Fn(usize) -> String) -> String {
    (0..count).map(item).collect::<Vec<_>>().join(separator)
}

#[test]
fn order_sixteen() {
    let ends = repeated(7, "\n", |k| {
        format!("on x = 0, x = 1: d(u, x, {}) = 0", k + 1)
    });
    let text = in_one_dimension("d(u, x, 16) + u^2*d(u, x, 8) = exp(-x)");
    let (compiled, longest) = longest_kernel(&format!("{text}{ends}\n"));
    assert_eq!(compiled.program.terms[0].block.coefficients.len(), 17);
    // a term for each partition of 16 and less
    assert!(longest < 20_000, "{longest}");
}

/// A sixth-order operator on a product of functions of the solution, in three dimensions.
#[test]
fn a_nonlinear_operator_of_sixth_order() {
    let text = "coord x in [0, 1]\ncoord y in [0, 1]\ncoord z in [0, 1]\nfield u(x, y, z)\n\
        eq d(d(d(sin(u)*exp(u), x, 2), y, 2), z, 2) = 0\n\
        on x = 0, x = 1, y = 0, y = 1, z = 0, z = 1: u = 0\n";
    let (_, longest) = longest_kernel(text);
    assert!(longest < 10_000, "{longest}");
}

#[test]
fn ten_coordinates() {
    let names = repeated(10, ", ", |k| format!("x{k}"));
    let coordinates = repeated(10, "\n", |k| format!("coord x{k} in [0, 1]"));
    let ends = repeated(10, ", ", |k| format!("x{k} = 0, x{k} = 1"));
    let sum = repeated(10, " + ", |k| format!("d(u, x{k}, 2)"));
    let text = format!("{coordinates}\nfield u({names})\neq {sum} = u^3\non {ends}: u = 0\n");
    let (compiled, longest) = longest_kernel(&text);
    let block = &compiled.program.terms[0].block;
    assert_eq!((block.coefficients.len(), block.uncollapsed), (12, 21));
    assert!(longest < 3_000, "{longest}");
}

#[test]
fn forty_fields() {
    let mut text = "coord x in [0, 1]\ntime t in [0, 1]\n".to_string();
    for k in 0..40 {
        let (next, other) = ((k + 1) % 40, (k + 7) % 40);
        text.push_str(&format!(
            "field u{k}(x, t)\neq u{k}_t = u{k}_xx + u{next}*u{other}\n\
             initial u{k} = sin(pi*x)\non x = 0, x = 1: u{k} = 0\n"
        ));
    }
    let (compiled, longest) = longest_kernel(&text);
    let block = &compiled.program.terms[0].block;
    assert_eq!((block.coefficients.len(), block.uncollapsed), (3, 4));
    assert!(longest < 4_000, "{longest}");
}

/// A chain of functions has a derivative of as many factors as links.
#[test]
fn chains_and_products_do_not_swell() {
    let chain = format!("{}u{}", "sin(".repeat(150), ")".repeat(150));
    let (_, longest) = longest_kernel(&in_one_dimension(&format!("u_xx = d({chain}, x)")));
    assert!(longest < 30_000, "{longest}");
    let product = repeated(300, "*", |k| format!("sin({k}*x + u)"));
    let (_, longest) = longest_kernel(&in_one_dimension(&format!("u_xx = d({product}, x)")));
    assert!(longest < 60_000, "{longest}");
    let sum = repeated(2_000, " + ", |k| format!("sin({k}*x + u)"));
    let (_, longest) = longest_kernel(&in_one_dimension(&format!("u_xx = d({sum}, x)")));
    assert!(longest < 60_000, "{longest}");
}

#[test]
fn squares_of_squares_stay_shared() {
    let definitions = repeated(40, "\n", |k| {
        let next = k + 1;
        format!("let a{next} = a{k}*a{k} + sin(a{k})")
    });
    let text = in_one_dimension("u_xx = d(a40, x, 2)");
    let (_, longest) = longest_kernel(&format!("{text}let a0 = u\n{definitions}\n"));
    assert!(longest < 3_000, "{longest}");
}

#[test]
fn powers_jumps_and_numbers_out_of_range() {
    for equation in [
        "u_xx = u^0 + 0^0 + x^0",
        "u_xx = u^(-0.5) + abs(u)^(1/3) + d((1 + u^2)^(1/3), x)",
        "u_xx = d(u^u, x) + x^u + 2^(-u)",
        "u_xx = 0*u + 1e-300*1e-300",
        "u_xx = d(min(u, x)*max(u_x, 0), x) + d(abs(u), x) + d(sign(u)*heaviside(x - 0.5), x)",
        "u_xx + heaviside(u_xx) + sign(u_xx)*u_x = 0",
        "u_x*u_xx*u_x^2 + u_xx/u_x = u^1000",
        "u_xx = u^1000000 + u^(-1000000)",
    ] {
        let (_, longest) = longest_kernel(&in_one_dimension(equation));
        assert!(longest < 300, "{equation}: {longest}");
    }
}
