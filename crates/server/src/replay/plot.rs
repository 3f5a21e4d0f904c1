//! Draws the equity curve: with block characters for a terminal, as points for a picture. Knows nothing of money.

use rust_decimal::{Decimal, prelude::ToPrimitive};

use super::report::Point;

/// Eighths of a character cell, from the bottom.
const BLOCKS: [char; 9] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// The curve as places in time and equity, both from 0 to 1, and the lowest and highest equity.
#[derive(Debug, Clone, PartialEq)]
pub struct Shape {
    pub points: Vec<(f64, f64)>,
    pub low: f64,
    pub high: f64,
}

fn number(text: &str) -> f64 {
    text.parse::<Decimal>()
        .ok()
        .and_then(|d| d.to_f64())
        .unwrap_or_default()
}

/// Places the points; none when there is no time between them.
#[must_use]
pub fn shape(curve: &[Point]) -> Option<Shape> {
    let (first, last) = (curve.first()?.at.micros(), curve.last()?.at.micros());
    if last <= first {
        return None;
    }
    let values: Vec<f64> = curve.iter().map(|p| number(&p.equity)).collect();
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let span = if high > low { high - low } else { 1.0 };
    let time = (last - first) as f64;
    let points = curve
        .iter()
        .zip(values)
        .map(|(p, v)| ((p.at.micros() - first) as f64 / time, (v - low) / span))
        .collect();
    Some(Shape { points, low, high })
}

/// The value at a place in time: what was last.
fn at(shape: &Shape, x: f64) -> f64 {
    let after = shape.points.partition_point(|(px, _)| *px <= x);
    shape.points.get(after.saturating_sub(1)).map_or(0.0, |(_, y)| *y)
}

/// Rows of text, the highest first.
#[must_use]
pub fn rows(shape: &Shape, width: usize, height: usize) -> Vec<String> {
    let columns: Vec<f64> = (0..width)
        .map(|i| at(shape, (i as f64 + 1.0) / width as f64))
        .collect();
    let cells = (height * 8) as f64;
    let row = |from_top: usize| {
        let floor = ((height - 1 - from_top) * 8) as f64;
        columns
            .iter()
            .map(|y| {
                let filled = (y * (cells - 1.0) + 1.0 - floor).clamp(0.0, 8.0);
                BLOCKS.get(filled as usize).copied().unwrap_or(' ')
            })
            .collect()
    };
    (0..height).map(row).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use ordercast_model::time::Timestamp;

    use super::*;

    #[test]
    fn a_rising_curve_rises() {
        let point = |second, equity: &str| Point {
            at: Timestamp::from_seconds(second),
            equity: equity.to_owned(),
        };
        let curve = [point(0, "100.00"), point(5, "150.00"), point(10, "200.00")];
        let shape = shape(&curve).unwrap();
        assert_eq!((shape.low, shape.high), (100.0, 200.0));
        let rows = rows(&shape, 10, 2);
        assert_eq!(rows.len(), 2);
        assert!(rows[0].ends_with('█') && rows[0].starts_with(' '), "{rows:?}");
        assert!(super::shape(&curve[..1]).is_none());
    }
}
