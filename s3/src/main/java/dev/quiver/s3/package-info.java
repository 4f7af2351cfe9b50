/// Files of S3, and of stores that speak its protocol, such as MinIO and R2: read by ranges,
/// listed, and written so that a file appears when it is whole. On the class path it is found by
/// itself.
@NullMarked
package dev.quiver.s3;

import org.jspecify.annotations.NullMarked;
