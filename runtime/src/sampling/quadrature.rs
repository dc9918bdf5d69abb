//! Points and weights of integrals over boxes.
//!
//! * Input: the intervals of all coordinates, and those that are integrated over.
//! * Output: points, and their weights, whose sum is the volume. Coordinates that are not integrated over are at their
//!   lower end.
//! * Method: a composite rule of Gauss and Legendre along each coordinate, exact for polynomials of degree 15 on each panel.
//!   Panels end where an integrand jumps.

use super::Domain;
use super::sequences::legendre_nodes;
use crate::engine::PointSet;
use pdec_compiler::program::Axes;

/// Nodes of a panel.
const NODES: usize = 8;

/// Ends of panels that are nearer than this part of a panel are one.
const NEAR: f64 = 1e-9;

/// Panels along each coordinate of integrals over one, two and more coordinates.
const PANELS: [usize; 3] = [64, 6, 2];

/// The points of an integral, with their weights as data. `breaks` are coordinates with places where something jumps.
pub fn quadrature(domain: &Domain, axes: Axes, breaks: &[(usize, f64)]) -> PointSet {
    let over = axes.coordinates().count();
    quadrature_of(
        domain,
        axes,
        breaks,
        PANELS[over.clamp(1, PANELS.len()) - 1],
    )
}

/// The same with so many panels along each coordinate, and more where something jumps.
pub fn quadrature_of(
    domain: &Domain,
    axes: Axes,
    breaks: &[(usize, f64)],
    panels: usize,
) -> PointSet {
    let over: Vec<usize> = axes.coordinates().collect();
    let rule = rule();
    let mut coordinates: Vec<Vec<f64>> = domain.intervals.iter().map(|it| vec![it.0]).collect();
    let mut weights = vec![1.0];
    for axis in over {
        let (low, high) = domain.intervals[axis];
        #[allow(clippy::cast_precision_loss)] // a small count
        let width = (high - low) / panels as f64;
        let ends = (0..=panels).map(|end| {
            #[allow(clippy::cast_precision_loss)] // a small count
            let end = low + end as f64 * width;
            end
        });
        let inside = |it: &&(usize, f64)| it.0 == axis && low < it.1 && it.1 < high;
        let own = breaks.iter().filter(inside).map(|it| it.1);
        let mut ends: Vec<f64> = ends.chain(own).collect();
        ends.sort_by(f64::total_cmp);
        ends.dedup_by(|a, b| (*a - *b).abs() < NEAR * width);
        let panels = ends.windows(2).map(|ends| (ends[0], ends[1] - ends[0]));
        let line: Vec<(f64, f64)> = panels
            .flat_map(|(from, width)| rule.iter().map(move |(x, w)| (from + x * width, w * width)))
            .collect();
        let old = weights.len();
        let products = line
            .iter()
            .flat_map(|(_, w)| weights.iter().map(move |other| w * other));
        weights = products.collect();
        for column in &mut coordinates {
            *column = column.repeat(line.len());
        }
        let values = line.iter().flat_map(|(x, _)| std::iter::repeat_n(*x, old));
        coordinates[axis] = values.collect();
    }
    PointSet {
        coordinates,
        data: vec![weights],
    }
}

/// Nodes on [0, 1] and weights `2/((1 − x²)P'(x)²)`, halved.
fn rule() -> Vec<(f64, f64)> {
    legendre_nodes(NODES)
        .into_iter()
        .map(|node| {
            let x = 2.0 * node - 1.0;
            let (mut before, mut here) = (1.0, x);
            for degree in 2..=NODES {
                #[allow(clippy::cast_precision_loss)] // a small count
                let d = degree as f64;
                (before, here) = (here, ((2.0 * d - 1.0) * x * here - (d - 1.0) * before) / d);
            }
            #[allow(clippy::cast_precision_loss)] // a small count
            let slope = NODES as f64 * (x * here - before) / (x * x - 1.0);
            (node, 1.0 / ((1.0 - x * x) * slope * slope))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// x⁴ on [−1, 2] is 33/5, e^x·y² on [0, 1]×[0, 3] is 9(e − 1).
    #[test]
    fn integrals_are_those_of_calculus() {
        let domain = Domain {
            intervals: vec![(-1.0, 2.0), (0.0, 1.0), (0.0, 3.0)],
            time: None,
        };
        let one = quadrature(&domain, Axes::of(&[0]), &[]);
        let columns = one.coordinates[0].iter().zip(&one.data[0]);
        let sum: f64 = columns.map(|(x, w)| w * x.powi(4)).sum();
        assert!((sum - 6.6).abs() < 1e-13, "{sum}");
        assert!(one.coordinates[2].iter().all(|it| *it == 0.0));
        let two = quadrature(&domain, Axes::of(&[1, 2]), &[]);
        let points = two.coordinates[1].iter().zip(&two.coordinates[2]);
        let sum: f64 = points
            .zip(&two.data[0])
            .map(|((x, y), w)| w * x.exp() * y * y)
            .sum();
        assert!((sum - 9.0 * (1f64.exp() - 1.0)).abs() < 1e-12, "{sum}");
    }

    /// |x − 0.3|, and a step at 0.3, on [−1, 2].
    #[test]
    fn panels_end_where_integrands_jump() {
        let domain = Domain {
            intervals: vec![(-1.0, 2.0)],
            time: None,
        };
        let points = quadrature(&domain, Axes::of(&[0]), &[(0, 0.3), (0, 7.0), (1, 0.5)]);
        let pairs = || points.coordinates[0].iter().zip(&points.data[0]);
        let kink: f64 = pairs().map(|(x, w)| w * (x - 0.3).abs()).sum();
        assert!(
            (kink - (1.3 * 1.3 + 1.7 * 1.7) / 2.0).abs() < 1e-13,
            "{kink}"
        );
        let step: f64 = pairs().filter(|(x, _)| **x > 0.3).map(|(_, w)| w).sum();
        assert!((step - 1.7).abs() < 1e-13, "{step}");
    }
}
