"""What the sandbox's tokens may do, unless a test says otherwise: what docs/access/ asks for, and no more."""

from __future__ import annotations

from collections.abc import Mapping

# By platform, as routes name it; Google's is that of the access token.
GRANTED: Mapping[str, tuple[str, ...]] = {
    "facebook": ("pages_show_list", "pages_read_engagement", "pages_read_user_content", "public_profile"),
    "linkedin": ("r_organization_social_feed", "rw_organization_admin"),
    "google_oauth": ("https://www.googleapis.com/auth/business.manage",),
}
