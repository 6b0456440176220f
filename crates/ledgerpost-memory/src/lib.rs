//! Has the C library give large blocks of memory back to the system.

/// The size in bytes from which a block is mapped by itself, and so given back when it is freed:
/// glibc's own first value, `DEFAULT_MMAP_THRESHOLD`.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const MAPPED_FROM: libc::c_int = 128 * 1024;

/// Keeps glibc from raising the size from which a block of memory is given back when it is freed.
///
/// It raises it to the largest block freed so far, up to 32 MiB (`mallopt(3)`, `M_MMAP_THRESHOLD`). A
/// sync reads and sends pages of some hundred kilobytes beside small records that stay, so freed pages
/// then remain as holes between them: the peak of a first load of 2,000 customers was 3 MiB higher.
/// Does nothing where the C library is another one. To be called once, when a program starts; where
/// glibc refuses, only that memory is lost, so nothing is said.
#[cfg_attr(
    all(target_os = "linux", target_env = "gnu"),
    expect(unsafe_code, reason = "no crate offers this call as a safe one")
)]
pub fn give_large_blocks_back() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    // SAFETY: `mallopt` takes two integers by value, changes only the allocator's own settings, under
    // the allocator's lock, and may be called at any time.
    unsafe {
        libc::mallopt(libc::M_MMAP_THRESHOLD, MAPPED_FROM);
    }
}

#[cfg(all(test, target_os = "linux", target_env = "gnu"))]
mod tests {
    use std::hint::black_box;

    /// Where in its page a block begins that was mapped by itself: behind the allocator's two words.
    const BEGIN_OF_A_MAPPED_BLOCK: usize = 2 * size_of::<usize>();

    #[test]
    fn large_blocks_stay_mapped_by_themselves_after_a_larger_one_was_freed() {
        super::give_large_blocks_back();
        // glibc would now cut everything up to this size out of its heap.
        drop(black_box(vec![1_u8; 8 << 20]));
        // Sizes that are no multiples of a page: within a heap they would begin anywhere in one.
        let blocks: Vec<Vec<u8>> = (0..8)
            .map(|number| black_box(vec![1_u8; (1 << 20) + number * 1_000]))
            .collect();
        for block in &blocks {
            assert_eq!(block.as_ptr().addr() % 4096, BEGIN_OF_A_MAPPED_BLOCK);
        }
    }
}
