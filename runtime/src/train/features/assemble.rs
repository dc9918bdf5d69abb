//! Rows of the least-squares problem.

use super::Layer;
use crate::engine::{Batch, BlockRef, Panels, PointSet};
use crate::math::dense::panels::ROWS;
use crate::train::integrals::Summed;
use pdec_compiler::program::Program;

/// Points that are looked at together: all parameters have columns while a piece is under way.
const PIECE: usize = 256;

/// Rows of a block of [`Panels`].
const BLOCK: usize = ROWS;

/// Points of a term, few enough to look at together.
pub struct Piece {
    /// The term.
    pub term: usize,
    /// Its points.
    pub points: PointSet,
}

/// Cuts the points of all terms, the first `most` of each.
pub fn pieces(program: &Program, points: &[PointSet], most: usize) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for (term, points) in points.iter().enumerate() {
        if program.terms[term].support.is_summed() {
            // A part of an integral says nothing.
            let points = points.clone();
            pieces.push(Piece { term, points });
            continue;
        }
        let count = points.len().min(most);
        for first in (0..count).step_by(PIECE) {
            let range = first..count.min(first + PIECE);
            let part = |columns: &[Vec<f64>]| -> Vec<Vec<f64>> {
                let columns = columns.iter();
                columns
                    .map(|column| column[range.clone()].to_vec())
                    .collect()
            };
            let points = PointSet {
                coordinates: part(&points.coordinates),
                data: part(&points.data),
            };
            pieces.push(Piece { term, points });
        }
    }
    pieces
}

/// Whether the residuals of a term are sums over its points.
fn is_summed(layer: &Layer, term: usize) -> bool {
    layer.engine().program().terms[term].support.is_summed()
}

fn summed(term: usize, points: &PointSet) -> Summed<'_> {
    Summed {
        term,
        points,
        scale: 1.0,
    }
}

/// The rows of each expression of a piece.
fn rows_of_expression(layer: &Layer, piece: &Piece) -> usize {
    if is_summed(layer, piece.term) {
        1
    } else {
        piece.points.len()
    }
}

/// The factor of each residual: by term, then by expression.
pub type Factors = Vec<Vec<f64>>;

/// The residuals: piece, then expression, then point.
pub fn residuals(
    layer: &Layer,
    parameters: &[f64],
    uniforms: &[f64],
    pieces: &[Piece],
    factors: &Factors,
) -> Vec<f64> {
    let mut result = Vec::new();
    for Piece { term, points } in pieces {
        let engine = layer.engine();
        if is_summed(layer, *term) {
            let sums = summed(*term, points).residuals(engine, parameters, uniforms);
            result.extend(sums.iter().zip(&factors[*term]).map(|(sum, f)| f * sum));
            continue;
        }
        let values = engine.values(BlockRef::Term(*term), parameters, uniforms, points);
        for (column, factor) in values.into_iter().zip(&factors[*term]) {
            result.extend(column.into_iter().map(|value| factor * value));
        }
    }
    result
}

/// The root of the sum, over terms and expressions, of the squares of mean absolute residuals: the norm of
/// [`residuals`] where absolute values are all alike, and less elsewhere. `pieces` are all points of each term.
pub fn typical(
    layer: &Layer,
    parameters: &[f64],
    uniforms: &[f64],
    pieces: &[Piece],
    factors: &Factors,
) -> f64 {
    let engine = layer.engine();
    let mut sums: Factors = factors.iter().map(|own| vec![0.0; own.len()]).collect();
    let mut counts = vec![0; factors.len()];
    for Piece { term, points } in pieces {
        let values = if is_summed(layer, *term) {
            let sums = summed(*term, points).residuals(engine, parameters, uniforms);
            counts[*term] += 1;
            sums.into_iter().map(|sum| vec![sum]).collect()
        } else {
            counts[*term] += points.len();
            engine.values(BlockRef::Term(*term), parameters, uniforms, points)
        };
        for ((sum, column), factor) in sums[*term].iter_mut().zip(values).zip(&factors[*term]) {
            *sum += column
                .into_iter()
                .map(|value| (factor * value).abs())
                .sum::<f64>();
        }
    }
    let terms = sums.iter().zip(counts);
    terms
        .flat_map(|(sums, count)| sums.iter().map(move |sum| sum * sum / size(count)))
        .sum::<f64>()
        .sqrt()
}

/// The derivatives of the residuals by the last layer, and the rows of each block of the matrix.
pub fn matrix(
    layer: &Layer,
    parameters: &[f64],
    uniforms: &[f64],
    pieces: &[Piece],
    factors: &Factors,
) -> (Panels, Vec<usize>) {
    let engine = layer.engine();
    let rows_of = |piece: &Piece| -> Vec<usize> {
        let count = rows_of_expression(layer, piece);
        let tiles = (0..count).step_by(BLOCK).map(|k| BLOCK.min(count - k));
        let tiles: Vec<usize> = tiles.collect();
        factors[piece.term]
            .iter()
            .flat_map(|_| tiles.clone())
            .collect()
    };
    let blocks: Vec<usize> = pieces.iter().flat_map(rows_of).collect();
    let mut matrix = Panels::default();
    matrix.reshape(layer.columns(), blocks.iter().copied());
    let mut targets = matrix.blocks_mut().into_iter();
    let mut jacobian = Panels::default();
    let mut column = Vec::new();
    for piece in pieces {
        if is_summed(layer, piece.term) {
            let rows = summed(piece.term, &piece.points);
            let rows = rows.rows(engine, layer.columns(), parameters, uniforms);
            let own = targets.by_ref().take(rows.len());
            for ((mut target, row), factor) in own.zip(&rows).zip(&factors[piece.term]) {
                for (number, value) in row.iter().take(layer.columns()).enumerate() {
                    target.write_column(0, number, &[*value], *factor);
                }
            }
            continue;
        }
        let batch = Batch {
            block: BlockRef::Term(piece.term),
            points: &piece.points,
            scale: 1.0,
        };
        engine.jacobian_of(
            layer.columns(),
            parameters,
            uniforms,
            &[batch],
            &mut jacobian,
        );
        let rows = rows_of(piece);
        let mut own: Vec<_> = targets.by_ref().take(rows.len()).collect();
        column.resize(jacobian.rows(), 0.0);
        let factors = &factors[piece.term];
        let tiles = rows.len() / factors.len().max(1);
        for number in 0..layer.columns() {
            jacobian.copy_column(number, &mut column);
            let mut first = 0;
            for (position, (target, rows)) in own.iter_mut().zip(&rows).enumerate() {
                let factor = factors[position / tiles.max(1)];
                target.write_column(0, number, &column[first..first + rows], factor);
                first += rows;
            }
        }
    }
    (matrix, blocks)
}

/// Factors with which every residual has rows of the same mean square, times the root of its weight over the number
/// of its points: an equation of second order has much larger rows than a boundary value.
pub fn balance(
    layer: &Layer,
    parameters: &[f64],
    uniforms: &[f64],
    points: &[PointSet],
    weights: &[f64],
) -> Factors {
    let terms = &layer.engine().program().terms;
    let ones: Factors = terms
        .iter()
        .map(|term| vec![1.0; term.block.output_count()])
        .collect();
    let mut squares: Factors = ones.iter().map(|ones| vec![0.0; ones.len()]).collect();
    for piece in pieces(layer.engine().program(), points, BLOCK) {
        let count = rows_of_expression(layer, &piece);
        let term = piece.term;
        let (matrix, _) = matrix(layer, parameters, uniforms, &[piece], &ones);
        let mut column = vec![0.0; matrix.rows()];
        for number in 0..matrix.columns() {
            matrix.copy_column(number, &mut column);
            for (square, column) in squares[term].iter_mut().zip(column.chunks(count.max(1))) {
                *square += column.iter().map(|value| value * value).sum::<f64>() / size(count);
            }
        }
    }
    squares
        .iter()
        .zip(points)
        .zip(weights)
        .zip(terms)
        .map(|(((squares, points), weight), term)| {
            let count = if term.support.is_summed() {
                1
            } else {
                points.len()
            };
            let squares = squares.iter();
            squares
                .map(|square| {
                    let usable = *square > 0.0 && square.is_finite();
                    let square = if usable { *square } else { 1.0 };
                    (weight / (size(count) * square)).sqrt()
                })
                .collect()
        })
        .collect()
}

#[allow(clippy::cast_precision_loss)] // point counts are far below 2^52
fn size(count: usize) -> f64 {
    count.max(1) as f64
}
