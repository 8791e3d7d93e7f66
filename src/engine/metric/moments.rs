//! What a run of numbers looks like: range, mean, spread, tails, holes.
//!
//! μ = Σx/n; σ = √(Σ(x−μ)²/n); kurtosis = (Σ(x−μ)⁴/n) / σ⁴, which is 3 for a Gaussian and 1.8 for a
//! uniform distribution; sparsity = zeros / n. Numbers that are not finite are counted and left out.
//! Central moments of parts are merged without loss (Chan, Golub, LeVeque 1979; Pébay 2008), so memory
//! does not grow and the result does not depend on a large mean. Cost: two passes over a part in memory.

/// Mean, spread, tails and range of numbers; `+` gives those of two sets of numbers together.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Moments {
    /// Finite ones.
    pub values: u64,
    /// Numbers left out because they are NaN.
    pub nan: u64,
    /// Numbers left out because they are infinite.
    pub infinite: u64,
    /// Values that are 0, of either sign.
    pub zeros: u64,
    /// 0 where there are no values.
    pub min: f32,
    /// The greatest value; 0 where there are none.
    pub max: f32,
    /// Σx/n; 0 where there are no values.
    pub mean: f64,
    /// Sums of the second, third and fourth powers of x − mean.
    power_sums: [f64; 3],
}

impl Moments {
    /// The moments of a part in memory.
    pub fn measure(x: &[f32]) -> Self {
        let mut m = Self { min: f32::INFINITY, max: f32::NEG_INFINITY, ..Self::default() };
        let mut sum = 0.0f64;
        for &x in x {
            if x.is_finite() {
                m.values += 1;
                m.zeros += u64::from(x == 0.0);
                m.min = m.min.min(x);
                m.max = m.max.max(x);
                sum += f64::from(x);
            } else if x.is_nan() {
                m.nan += 1;
            } else {
                m.infinite += 1;
            }
        }
        if m.values == 0 {
            return Self { min: 0.0, max: 0.0, ..m };
        }
        m.mean = sum / m.values as f64;
        for &x in x.iter().filter(|x| x.is_finite()) {
            let d = f64::from(x) - m.mean;
            let d2 = d * d;
            m.power_sums[0] += d2;
            m.power_sums[1] += d2 * d;
            m.power_sums[2] += d2 * d2;
        }
        m
    }

    /// √(Σ(x−μ)²/n); 0 when there are no values.
    pub fn std(&self) -> f64 {
        if self.values == 0 { 0.0 } else { (self.power_sums[0] / self.values as f64).sqrt() }
    }

    /// 0 where all values are the same: there is no spread to have tails.
    pub fn kurtosis(&self) -> f64 {
        let [m2, _, m4] = self.power_sums;
        let kurtosis = self.values as f64 * m4 / (m2 * m2);
        if kurtosis.is_finite() { kurtosis } else { 0.0 }
    }

    /// Share of zeros, 0 to 1.
    pub fn sparsity(&self) -> f64 {
        if self.values == 0 { 0.0 } else { self.zeros as f64 / self.values as f64 }
    }
}

/// How many of these lie more than `reach` from the mean.
pub fn count_beyond(x: &[f32], mean: f64, reach: f64) -> u64 {
    let beyond = |x: &&f32| x.is_finite() && (f64::from(**x) - mean).abs() > reach;
    x.iter().filter(beyond).count() as u64
}

impl std::ops::Add for Moments {
    type Output = Self;

    fn add(self, o: Self) -> Self {
        let holes = Self { nan: self.nan + o.nan, infinite: self.infinite + o.infinite, ..self };
        if o.values == 0 {
            return holes;
        }
        if self.values == 0 {
            return Self { nan: holes.nan, infinite: holes.infinite, ..o };
        }
        let (a, b) = (self.values as f64, o.values as f64);
        let n = a + b;
        let d = o.mean - self.mean;
        let ([a2, a3, a4], [b2, b3, b4]) = (self.power_sums, o.power_sums);
        let m2 = a2 + b2 + d * d * a * b / n;
        let m3 = a3 + b3 + d.powi(3) * a * b * (a - b) / (n * n) + 3.0 * d * (a * b2 - b * a2) / n;
        let m4 = a4
            + b4
            + d.powi(4) * a * b * (a * a - a * b + b * b) / n.powi(3)
            + 6.0 * d * d * (a * a * b2 + b * b * a2) / (n * n)
            + 4.0 * d * (a * b3 - b * a3) / n;
        Self {
            values: self.values + o.values,
            zeros: self.zeros + o.zeros,
            min: self.min.min(o.min),
            max: self.max.max(o.max),
            mean: self.mean + d * b / n,
            power_sums: [m2, m3, m4],
            ..holes
        }
    }
}
