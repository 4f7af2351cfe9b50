/// Tests of files in S3: answers of a small server in this process, and a real server of the
/// protocol.
@NullMarked
package dev.quiver.s3;

import org.jspecify.annotations.NullMarked;
