/// Databases by their JDBC drivers: rows to chunks and back.
@NullMarked
package dev.quiver.io.jdbc;

import org.jspecify.annotations.NullMarked;
