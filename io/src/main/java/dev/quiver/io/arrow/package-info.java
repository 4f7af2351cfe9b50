/// Arrow's IPC files and streams, read and written by our own code over the flatbuffers of
/// `arrow-format`.
///
/// Why not `arrow-vector`: its memory needs `--add-opens=java.base/java.nio` on the command line,
/// which a plain `java -cp` doesn't have; it brings Jackson's databind, Netty's common classes and
/// a logger binding into every user's class path; and it would copy all values between its buffers
/// and the counted ones that chunks are made of, which have Arrow's layout already. The messages
/// are small: two jars of 230 KB and this package read and write them.
@NullMarked
package dev.quiver.io.arrow;

import org.jspecify.annotations.NullMarked;
