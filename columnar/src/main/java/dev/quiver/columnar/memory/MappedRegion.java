package dev.quiver.columnar.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Memory straight from the operating system.
///
/// Where the JVM was started with native access it is an anonymous mapping with huge pages advised
/// before the first touch; else the JDK allocates it, which zeroes it in small pages and is some
/// ten times slower for fresh memory, but needs no flag.
record MappedRegion(MemorySegment segment, Arena arena) implements AutoCloseable {
    private static final boolean NATIVE =
            MappedRegion.class.getModule().isNativeAccessEnabled()
                    && System.getProperty("os.name").startsWith("Linux");

    static MappedRegion map(long bytes, long alignment) {
        var arena = Arena.ofShared();
        return new MappedRegion(
                NATIVE
                        ? NativeMemory.map(bytes, alignment, arena)
                        : arena.allocate(bytes, alignment),
                arena);
    }

    @Override
    public void close() {
        arena.close();
    }
}
