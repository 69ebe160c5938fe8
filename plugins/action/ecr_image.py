# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""As for images that are built."""

from __future__ import annotations

from ansible_collections.uex.payments.plugins.action import container_image


class ActionModule(container_image.ActionModule):
    """What is pushed says how it goes, too."""
