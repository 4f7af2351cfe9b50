/// Settings as typed records.
@NullMarked
package dev.quiver.config;

import org.jspecify.annotations.NullMarked;
