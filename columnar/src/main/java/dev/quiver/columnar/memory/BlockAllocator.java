package dev.quiver.columnar.memory;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/// Blocks of memory: powers of two from 1 KiB to 32 MiB by the buddy system out of slabs of 32 MiB,
/// larger ones each from a region of its own, kept for reuse.
///
/// Source: Knowlton, "A Fast Storage Allocator", CACM 8(10), 1965. Freed neighbours merge; slabs
/// and regions are given back only by [#trim] and [#close], because fresh pages cost more than the
/// work that is done in them.
final class BlockAllocator implements AutoCloseable {
    static final int LEAF_SHIFT = 10;
    static final int SLAB_SHIFT = 25;
    private static final int ORDERS = SLAB_SHIFT - LEAF_SHIFT + 1;
    private static final long SLAB_BYTES = 1L << SLAB_SHIFT;
    private static final long REGION_ALIGNMENT_BYTES = 2L << 20;
    private static final byte USED = 0x40;
    private static final byte INSIDE = -1;

    /// One mapped slab. `states[leaf]` is the order of the free block that begins there, the order
    /// with USED for one in use, or INSIDE.
    private static final class Slab {
        final MappedRegion region;
        final byte[] states = new byte[1 << (SLAB_SHIFT - LEAF_SHIFT)];

        Slab(MappedRegion region) {
            this.region = region;
            Arrays.fill(states, INSIDE);
        }
    }

    private record Free(Slab slab, int leaf) {}

    private final TreeMap<Long, Slab> slabsByAddress = new TreeMap<>();
    private final TreeMap<Long, MappedRegion> regionsByAddress = new TreeMap<>();
    private final TreeMap<Long, ArrayDeque<MappedRegion>> freeRegionsBySize = new TreeMap<>();
    private final List<ArrayDeque<Free>> freeByOrder = new ArrayList<>();

    BlockAllocator() {
        for (int i = 0; i < ORDERS; i++) freeByOrder.add(new ArrayDeque<>());
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
        int order = Long.numberOfTrailingZeros(blockBytes) - LEAF_SHIFT;
        Free free = take(order);
        long offset = (long) free.leaf << LEAF_SHIFT;
        free.slab.states[free.leaf] = (byte) (order | USED);
        return free.slab.region.segment().asSlice(offset, blockBytes);
    }

    synchronized void free(MemorySegment block) {
        if (block.byteSize() > SLAB_BYTES) {
            freeRegion(block);
            return;
        }
        Slab slab = slabsByAddress.floorEntry(block.address()).getValue();
        int leaf = (int) ((block.address() - slab.region.segment().address()) >> LEAF_SHIFT);
        int order = slab.states[leaf] ^ USED;
        while (order < ORDERS - 1) {
            int buddy = leaf ^ (1 << order);
            if (slab.states[buddy] != order) break;
            slab.states[Math.max(leaf, buddy)] = INSIDE;
            leaf = Math.min(leaf, buddy);
            order++;
        }
        slab.states[leaf] = (byte) order;
        freeByOrder.get(order).push(new Free(slab, leaf));
    }

    /// A free block of `order`, split from a larger one or a new slab where need be.
    private Free take(int order) {
        int from = order;
        while (from < ORDERS) {
            var free = freeByOrder.get(from).poll();
            if (free == null) from++;
            // Blocks that merged or went another way since leave their entry behind.
            else if (free.slab.states[free.leaf] == from) return split(free, from, order);
        }
        var slab = new Slab(MappedRegion.map(SLAB_BYTES, REGION_ALIGNMENT_BYTES));
        slabsByAddress.put(slab.region.segment().address(), slab);
        return split(new Free(slab, 0), ORDERS - 1, order);
    }

    private Free split(Free free, int from, int order) {
        for (int half = from - 1; half >= order; half--) {
            int upper = free.leaf + (1 << half);
            free.slab.states[upper] = (byte) half;
            freeByOrder.get(half).push(new Free(free.slab, upper));
        }
        return free;
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
        slabsByAddress.values().removeIf(BlockAllocator::closeIfFree);
        for (var frees : freeByOrder) frees.removeIf(f -> f.slab.states[f.leaf] == INSIDE);
    }

    private static boolean closeIfFree(Slab slab) {
        if (slab.states[0] != ORDERS - 1) return false;
        slab.states[0] = INSIDE;
        slab.region.close();
        return true;
    }

    @Override
    public void close() {
        trim();
    }
}
