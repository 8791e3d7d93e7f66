use eframe::egui::{Rect, pos2, vec2};
use quantscope::view::widgets::compare::draw::grid;

/// How many cells stand in each row.
fn rows(cells: &[Rect]) -> Vec<usize> {
    cells.chunk_by(|a, b| a.top() == b.top()).map(<[Rect]>::len).collect()
}

#[test]
fn two_to_five_pictures_stand_in_a_row_or_where_they_are_larger_in_a_grid() {
    let area = Rect::from_min_size(pos2(10.0, 90.0), vec2(1260.0, 460.0));
    let of = |panes, extent| rows(&grid(area, panes, extent, 22.0));
    for panes in 2..=5 {
        assert_eq!(of(panes, (600, 900)), [panes], "portraits");
    }
    let wide = [(2, vec![1, 1]), (3, vec![2, 1]), (4, vec![2, 2]), (5, vec![2, 2, 1])];
    for (panes, wanted) in wide {
        assert_eq!(of(panes, (4000, 1000)), wanted, "panoramas");
        let cells = grid(area, panes, (4000, 1000), 22.0);
        assert!(cells.iter().all(|cell| area.expand(0.1).contains_rect(*cell)));
        let apart = |a: usize, b: usize| a == b || !cells[a].shrink(0.1).intersects(cells[b]);
        assert!((0..panes).all(|a| (0..panes).all(|b| apart(a, b))));
    }
}
