package dev.quiver.protocol;

import dev.quiver.operator.Bytes;
import java.util.List;

/// The code of tasks that follow each other in a stage, as it travels.
///
/// @param shared what some of them call, as far as it wasn't told before
/// @param each the code of each task
public record CodeBatch(List<SharedCode> shared, List<Bytes> each) {
    public static final CodeBatch NONE = new CodeBatch(List.of(), List.of());

    public CodeBatch {
        shared = List.copyOf(shared);
        each = List.copyOf(each);
    }

    public boolean isEmpty() {
        return shared.isEmpty() && each.isEmpty();
    }

    /// How large the code is.
    public long bytes() {
        long bytes = 0;
        for (SharedCode code : shared) bytes += code.code().size();
        for (Bytes code : each) bytes += code.size();
        return bytes;
    }
}
