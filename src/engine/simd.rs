//! One source compiled twice: for any x86-64, and for those with AVX2, chosen as the program runs.
//!
//! Nothing is written in intrinsics: a kernel is plain code over arrays that the compiler turns into
//! vector instructions. Additions are never contracted, so both versions give the same bits.

/// Work whose `run` (and all that it calls in a loop) is marked `#[inline(always)]`.
pub trait Kernel {
    /// The result of the work.
    type Out;
    /// Does the work; compiled once for each set of vector instructions.
    fn run(self) -> Self::Out;
}

/// Runs the widest version of the kernel that this machine has.
#[inline]
pub fn widest<K: Kernel>(kernel: K) -> K::Out {
    #[cfg(target_arch = "x86_64")]
    if wide::is_detected() {
        // SAFETY: `is_detected` has just found every feature that `run` is compiled for: both are made from one list.
        return unsafe { wide::run(kernel) };
    }
    kernel.run()
}

/// Makes, from one list of processor features, the check for them and the function that is compiled for them: a
/// feature that is used without a check is undefined behaviour on the machines that lack it.
#[cfg(target_arch = "x86_64")]
macro_rules! compiled_for {
    ($($feature:tt),+) => {
        mod wide {
            use super::Kernel;

            #[inline]
            pub(super) fn is_detected() -> bool {
                $(std::arch::is_x86_feature_detected!($feature))&&+
            }

            /// To be called only where [`is_detected`] has returned true.
            #[target_feature($(enable = $feature),+)]
            pub(super) fn run<K: Kernel>(kernel: K) -> K::Out {
                kernel.run()
            }
        }
    };
}

#[cfg(target_arch = "x86_64")]
compiled_for!("avx2", "popcnt", "bmi1", "bmi2", "lzcnt");
