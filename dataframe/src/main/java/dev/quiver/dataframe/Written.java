package dev.quiver.dataframe;

import java.nio.file.Path;
import java.util.List;

/// What a write left on disk.
///
/// ```java
/// Written written = delays.write().parquet("out/delays/");
/// System.out.println(written.files().size() + " files, " + written.bytes() + " bytes");
/// ```
///
/// @param files absolute, in the order of their rows
public record Written(long rows, long bytes, List<Path> files) {
    public Written {
        files = List.copyOf(files);
    }
}
