/// Where bytes live: files of this machine, web servers, object stores. A remote file is a
/// [java.nio.file.Path] whose blocks come into a local spool file when they are first read.
@NullMarked
package dev.quiver.io.store;

import org.jspecify.annotations.NullMarked;
