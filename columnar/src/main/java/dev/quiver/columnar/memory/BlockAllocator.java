package dev.quiver.columnar.memory;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Blocks of memory: powers of two from 1 KiB to 32 MiB by the buddy system out of slabs of 32 MiB,
/// larger ones each from a region of its own, kept for reuse.
///
/// Source: Knowlton, "A Fast Storage Allocator", CACM 8(10), 1965. Freed neighbours merge; of the
/// smallest free blocks that are large enough the one in the first slab is taken, so that slabs
/// behind run empty. Slabs and regions are given back only by [#trim] and [#close], because fresh
/// pages cost more than the work that is done in them.
final class BlockAllocator implements AutoCloseable {
    static final int LEAF_SHIFT = 10;
    static final int SLAB_SHIFT = 25;
    private static final int ORDERS = SLAB_SHIFT - LEAF_SHIFT + 1;
    private static final long SLAB_BYTES = 1L << SLAB_SHIFT;
    private static final long REGION_ALIGNMENT_BYTES = 2L << 20;

    /// One mapped slab. Bit `i` of `free[order]` says whether the block of that order that is the
    /// i-th of its size is free as a whole.
    private static final class Slab {
        final MappedRegion region;
        final int number;
        final BitSet[] free = new BitSet[ORDERS];

        Slab(MappedRegion region, int number) {
            this.region = region;
            this.number = number;
            for (int order = 0; order < ORDERS; order++)
                free[order] = new BitSet(1 << (ORDERS - 1 - order));
        }

        long address() {
            return region.segment().address();
        }
    }

    private final TreeMap<Long, Slab> slabsByAddress = new TreeMap<>();

    /// By their numbers; null where one was unmapped.
    private final List<@Nullable Slab> slabs = new ArrayList<>();

    /// The numbers of the slabs that have a free block of an order.
    private final BitSet[] slabsWithFree = new BitSet[ORDERS];

    private final TreeMap<Long, MappedRegion> regionsByAddress = new TreeMap<>();
    private final TreeMap<Long, ArrayDeque<MappedRegion>> freeRegionsBySize = new TreeMap<>();

    BlockAllocator() {
        for (int order = 0; order < ORDERS; order++) slabsWithFree[order] = new BitSet();
    }

    /// The size of the block that serves a request.
    static long blockBytes(long bytes) {
        if (bytes < 0) throw new IllegalArgumentException("%d bytes".formatted(bytes));
        if (bytes <= 1L << LEAF_SHIFT) return 1L << LEAF_SHIFT;
        if (bytes <= SLAB_BYTES) return Long.highestOneBit(bytes - 1) << 1;
        return Math.addExact(bytes, REGION_ALIGNMENT_BYTES - 1) & -REGION_ALIGNMENT_BYTES;
    }

    /// @param blockBytes a result of [#blockBytes]
    synchronized MemorySegment allocate(long blockBytes) {
        if (blockBytes > SLAB_BYTES) return allocateRegion(blockBytes);
        int order = orderOf(blockBytes);
        int from = order;
        while (from < ORDERS && slabsWithFree[from].isEmpty()) from++;
        Slab slab = from < ORDERS ? slabs.get(slabsWithFree[from].nextSetBit(0)) : mapSlab();
        return take(Objects.requireNonNull(slab), Math.min(from, ORDERS - 1), order);
    }

    private static int orderOf(long blockBytes) {
        return Long.numberOfTrailingZeros(blockBytes) - LEAF_SHIFT;
    }

    private Slab mapSlab() {
        int number = slabs.indexOf(null);
        if (number < 0) {
            number = slabs.size();
            slabs.add(null);
        }
        var slab = new Slab(MappedRegion.map(SLAB_BYTES, REGION_ALIGNMENT_BYTES), number);
        slabs.set(number, slab);
        slabsByAddress.put(slab.address(), slab);
        putFree(slab, ORDERS - 1, 0);
        return slab;
    }

    /// The slab's first free block of the order `from`, halved until it has the order `order`.
    private MemorySegment take(Slab slab, int from, int order) {
        int index = slab.free[from].nextSetBit(0);
        takeFree(slab, from, index);
        for (int half = from - 1; half >= order; half--) {
            index *= 2;
            putFree(slab, half, index + 1);
        }
        long bytes = 1L << (order + LEAF_SHIFT);
        return slab.region.segment().asSlice(index * bytes, bytes);
    }

    private void putFree(Slab slab, int order, int index) {
        slab.free[order].set(index);
        slabsWithFree[order].set(slab.number);
    }

    private void takeFree(Slab slab, int order, int index) {
        slab.free[order].clear(index);
        if (slab.free[order].isEmpty()) slabsWithFree[order].clear(slab.number);
    }

    synchronized void free(MemorySegment block) {
        if (block.byteSize() > SLAB_BYTES) {
            freeRegion(block);
            return;
        }
        Slab slab = slabsByAddress.floorEntry(block.address()).getValue();
        int order = orderOf(block.byteSize());
        int index = (int) ((block.address() - slab.address()) >> (order + LEAF_SHIFT));
        while (order < ORDERS - 1 && slab.free[order].get(index ^ 1)) {
            takeFree(slab, order, index ^ 1);
            index >>= 1;
            order++;
        }
        putFree(slab, order, index);
    }

    private MemorySegment allocateRegion(long bytes) {
        // A kept region may be up to a quarter larger than what is asked for.
        var kept = freeRegionsBySize.ceilingEntry(bytes);
        MappedRegion region;
        if (kept != null && kept.getKey() <= bytes + bytes / 4) {
            region = kept.getValue().pop();
            if (kept.getValue().isEmpty()) freeRegionsBySize.remove(kept.getKey());
        } else {
            region = MappedRegion.map(bytes, REGION_ALIGNMENT_BYTES);
        }
        regionsByAddress.put(region.segment().address(), region);
        return region.segment().asSlice(0, bytes);
    }

    private void freeRegion(MemorySegment block) {
        MappedRegion region = regionsByAddress.remove(block.address());
        if (region == null) throw new IllegalStateException("a region that is not in use");
        freeRegionsBySize
                .computeIfAbsent(region.segment().byteSize(), _ -> new ArrayDeque<>())
                .push(region);
    }

    /// Unmaps what holds no block in use.
    synchronized void trim() {
        for (var regions : freeRegionsBySize.values()) regions.forEach(MappedRegion::close);
        freeRegionsBySize.clear();
        slabsByAddress.values().removeIf(this::unmapIfFree);
    }

    private boolean unmapIfFree(Slab slab) {
        if (!slab.free[ORDERS - 1].get(0)) return false;
        takeFree(slab, ORDERS - 1, 0);
        slabs.set(slab.number, null);
        slab.region.close();
        return true;
    }

    @Override
    public void close() {
        trim();
    }
}
