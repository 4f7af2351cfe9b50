/// Databases through whole sessions.
@NullMarked
package dev.quiver.client.database;

import org.jspecify.annotations.NullMarked;
