//! The same source compiled twice: for any x86-64, and for those with AVX2, chosen as the program runs.
//!
//! Nothing is written in intrinsics: a kernel is plain code over arrays that the compiler turns into
//! vector instructions. Additions are never contracted, so both versions give the same bits.

/// Work whose `run` (and all that it calls in a loop) is marked `#[inline(always)]`.
pub trait Kernel {
    type Out;
    fn run(self) -> Self::Out;
}

/// Runs the widest version of the kernel that this machine has.
#[inline]
pub fn widest<K: Kernel>(kernel: K) -> K::Out {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") && std::arch::is_x86_feature_detected!("popcnt") {
        // SAFETY: the features that `with_avx2` is compiled for were just found on this machine.
        return unsafe { with_avx2(kernel) };
    }
    kernel.run()
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,popcnt,bmi1,bmi2,lzcnt")]
fn with_avx2<K: Kernel>(kernel: K) -> K::Out {
    kernel.run()
}
