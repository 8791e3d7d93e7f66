use quantscope::engine::codebook::Codebook;
use quantscope::engine::coding::weighed::{FEW, codes, settled};
use quantscope::engine::control::Control;
use quantscope::engine::random::Random;

fn cloud(len: usize) -> (Vec<[f32; 4]>, Vec<[f32; 4]>) {
    let mut random = Random::seeded(41);
    let vectors = (0..len).map(|_| std::array::from_fn(|_| random.next_gaussian())).collect();
    (vectors, vec![[10.0, 1.0, 0.1, 1.0]; len])
}

/// Σ w·e² of one vector.
fn error(x: &[f32; 4], y: &[f32; 4], w: &[f32; 4]) -> f32 {
    (0..4).map(|c| w[c] * (x[c] - y[c]) * (x[c] - y[c])).sum()
}

/// The best of all entries, each of which is looked at.
fn best_of_all(points: &[[f32; 4]], x: &[f32; 4], w: &[f32; 4]) -> u16 {
    let errors = points.iter().map(|y| error(x, y, w));
    errors.zip(0..).min_by(|a, b| a.0.total_cmp(&b.0)).unwrap().1
}

fn total(book: &Codebook<4>, codes: &[u16], vectors: &[[f32; 4]], weights: &[[f32; 4]]) -> f64 {
    let of = |i: usize| f64::from(error(&vectors[i], &book.points()[usize::from(codes[i])], &weights[i]));
    (0..codes.len()).map(of).sum()
}

#[test]
fn codes_and_rounds_lower_the_weighed_error_among_few_entries_and_among_many() {
    let (vectors, weights) = cloud(4000);
    let control = Control::unwatched();
    for entries in [128, FEW + 100] {
        let book = Codebook::new(vectors[..entries].to_vec());
        let found = codes(&book, &vectors, &weights, &control).unwrap();
        let all: Vec<u16> = vectors.iter().zip(&weights).map(|(x, w)| best_of_all(book.points(), x, w)).collect();
        let mut plain = vec![0; vectors.len()];
        book.nearest_each(&vectors, &mut plain);
        let [found, all, plain] = [found, all, plain].map(|codes| total(&book, &codes, &vectors, &weights));
        assert!(all <= found && found < all * 1.1 && found < plain * 0.6, "{entries}: {all} {found} {plain}");
        let settled = settled(book, &vectors, &weights, |p| p, &control).unwrap();
        let codes = codes(&settled, &vectors, &weights, &control).unwrap();
        let after = total(&settled, &codes, &vectors, &weights);
        assert!(after < found * 0.9, "{entries}: {after} {found}");
    }
}
