use quantscope::engine::assign::kernel::{Kernel, KernelName};

#[test]
fn every_kernel_passes_on_all_of_the_error_but_atkinsons_which_keeps_a_quarter() {
    for name in KernelName::ALL {
        let sum: f32 = name.row().taps.iter().map(|tap| tap.share).sum();
        let expected = if name == KernelName::Atkinson { 0.75 } else { 1.0 };
        assert!((sum - expected).abs() < 1e-6, "{name:?}: {sum}");
    }
}

#[test]
fn error_goes_only_to_samples_that_are_still_to_come() {
    for name in KernelName::ALL {
        for tap in name.row().taps {
            assert!(tap.share > 0.0 && tap.down <= Kernel::ROWS, "{name:?} {tap:?}");
            assert!(tap.right.unsigned_abs() <= Kernel::COLUMNS, "{name:?} {tap:?}");
            assert!(tap.down > 0 || tap.right > 0, "{name:?} {tap:?}");
        }
    }
}

#[test]
fn the_rows_below_are_symmetric_in_the_large_kernels() {
    for name in KernelName::ALL.into_iter().filter(|name| name.row().taps.len() > 4) {
        let share = |right: isize, down: usize| {
            let tap = name.row().taps.iter().find(|tap| (tap.right, tap.down) == (right, down));
            tap.map_or(0.0, |tap| tap.share)
        };
        for (right, down) in [(1, 1), (2, 1), (1, 2), (2, 2)] {
            assert_eq!(share(right, down), share(-right, down), "{name:?} {right} {down}");
        }
    }
}
