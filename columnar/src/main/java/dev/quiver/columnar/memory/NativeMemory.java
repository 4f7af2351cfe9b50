package dev.quiver.columnar.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// Calls of the C library's memory mapping. Loaded only where native access is enabled.
final class NativeMemory {
    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_PRIVATE_ANONYMOUS = 0x22;
    private static final int MADV_HUGEPAGE = 14;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;

    private static final MethodHandle MMAP =
            handle("mmap", FunctionDescriptor.of(LONG, LONG, LONG, INT, INT, INT, LONG));
    private static final MethodHandle MADVISE =
            handle("madvise", FunctionDescriptor.of(INT, LONG, LONG, INT));
    private static final MethodHandle MUNMAP =
            handle("munmap", FunctionDescriptor.of(INT, LONG, LONG));

    private NativeMemory() {}

    private static MethodHandle handle(String name, FunctionDescriptor descriptor) {
        var linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().find(name).orElseThrow(), descriptor);
    }

    /// Fresh zero pages; closing `arena` unmaps them.
    static MemorySegment map(long bytes, long alignment, Arena arena) {
        long mapped = bytes + alignment;
        try {
            long address =
                    (long)
                            MMAP.invokeExact(
                                    0L, mapped, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0L);
            if (address == -1) throw new OutOfMemoryError("mmap of %d bytes".formatted(mapped));
            long aligned = (address + alignment - 1) & -alignment;
            // Only advice: without huge pages all works, slower.
            int _ = (int) MADVISE.invokeExact(aligned, bytes, MADV_HUGEPAGE);
            return MemorySegment.ofAddress(aligned)
                    .reinterpret(bytes, arena, _ -> unmap(address, mapped));
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("mmap of %d bytes".formatted(mapped), e);
        }
    }

    private static void unmap(long address, long bytes) {
        try {
            int result = (int) MUNMAP.invokeExact(address, bytes);
            if (result != 0)
                throw new IllegalStateException("munmap of %d bytes failed".formatted(bytes));
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("munmap of %d bytes".formatted(bytes), e);
        }
    }
}
