"""Every number of the twin that no source gives. Each is chosen, and may be replaced by a better.

What does have a source is named beside its use: Planck's law (`radiance`), the air (`optics`), the
chilling of faces (`chill`), and what 512 volunteers' faces showed (`painting`).
"""

# --- Camera -------------------------------------------------------------------------------------

POINT_SPREAD_PX = (0.6, 1.0)
"""Standard deviation of the lens' core blur, px, lowest and highest."""
HALO_SHARE = (0.0, 0.015)
"""Share of the light that the lens scatters far around. 1 to 5 % is often supposed; but cameras on
a bench stayed within 0.12 °C of a plate with the help of a reference (Mazdeyasna et al. 2023),
which a halo of this width leaves no room for above 1.5 %."""
HALO_WIDTHS = 0.03
"""Standard deviation of that halo, in picture widths."""
PIXEL_LAG_S = (0.008, 0.012)
"""Thermal time constant of a microbolometer's pixel."""
FIXED_PATTERN_C = (0.02, 0.05)
"""Standard deviation of the pattern that each shutter correction leaves."""
FLICKER_C = (0.02, 0.08)
"""Amplitude of the camera's slow wandering around its drift: 0.05 to 0.3 °C a minute."""
FLICKER_PERIODS_S = (37.0, 83.0, 191.0, 467.0)
"""Periods of the slow waves that stand for 1/f noise."""
GAIN_ERROR = 0.01
"""Standard deviation of the gain's error."""
SHUTTER_LEFTOVER_C = 0.1
"""Standard deviation of the common error that a shutter correction leaves."""
SHUTTER_S = 0.9
"""How long the picture stands still in a shutter correction: 23 frames at 26 Hz were counted."""

# --- Room and source ----------------------------------------------------------------------------

WALL_DISTANCE_M = 6.0
"""How far the background is."""
WALL_EMISSIVITY = 0.94
"""Emissivity of painted walls."""
SOURCE_DISTANCE_M = 1.6
"""How far the reference source stands."""
MOUNT_ABOVE_ROOM_C = 4.0
"""How much warmer than the room the reference source's mount is."""
SOURCE_STABILITY_C = 0.01
"""Amplitude of a healthy source's control cycle."""
SOURCE_PERIOD_S = 23.0
"""Its period."""

# --- People -------------------------------------------------------------------------------------

SKIN_EMISSIVITY_SD = 0.005
"""How emissivity varies between people, around 0.98."""
HAIR_EMISSIVITY = 0.95
"""Emissivity of hair."""
CLOTHES_EMISSIVITY = 0.90
"""Emissivity of clothes and masks."""
LENS_EMISSIVITY = 0.90
"""Emissivity of spectacle lenses, which are opaque in this band."""
CANTHUS_CORE_MM = (5.0, 8.0)
"""Width at half height of the warm core at the inner canthus."""
CANTHUS_CONTRAST_C = (0.7, 1.5)
"""How much warmer the core is than the skin a centimetre away. With pixels of 0.9 mm, which is
assumed, it gives the volunteers' canthi: a circle of 13 px averages 0.63 to 0.87 °C below its
maximum (both eyes, both cameras; Wang et al. 2023, PhysioNet)."""
CHEEKS_BELOW_CANTHUS_C = (1.9, 0.4)
"""Mean and standard deviation: 1.3 °C were seen at 3 to 4 mm a pixel, where canthi read low."""
NOSE_BELOW_CHEEKS_C = (0.2, 1.9)
"""Lowest and highest."""
HAIR_C = (28.0, 31.5)
"""Temperature of hair in a room of 22 °C."""
CLOTHES_C = (26.0, 30.0)
"""Temperature of clothes in a room of 22 °C."""
FOLLOWS_ROOM = 0.6
"""How much of a change of the room's temperature hair, clothes and lenses follow."""
BREATH_C, BREATH_HZ = 1.2, 0.28
"""A surgical mask warms and cools by this much as one breathes."""
BOB_M, BOB_HZ = 0.012, 1.7
"""A walking head goes up and down."""
GAZE_DEG, GAZE_HZ = 5.0, 0.23
"""A walking head looks left and right."""
BODY_ROOM_M = 0.45
"""Nobody comes nearer to anybody than this, from middle to middle, if there is another way."""
CUP_C = (50.0, 70.0)
"""A hot drink's cup."""
