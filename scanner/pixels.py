"""Pictures in memory, and the inch by which resolutions are counted: for every room that sees paper."""

import numpy as np
import numpy.typing as npt

Gray = npt.NDArray[np.uint8]  # (h, w), 0 black to 255 white, or a mask of 0 and 255
Picture = npt.NDArray[np.uint8]  # (h, w) gray or (h, w, 3) colour
INCH_MM = 25.4  # so dpi / INCH_MM are pixels to the millimetre
